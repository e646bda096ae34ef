package server

import (
	"context"
	"net/http"

	"frontdesk/payments/relay"
)

// Paths of AdminHandler.
const (
	AdminPair   = "/pair"   // POST AdminRequest, answers relay.Code
	AdminDesks  = "/desks"  // POST AdminRequest, answers relay.Desks
	AdminRename = "/rename" // POST AdminRequest
	AdminRevoke = "/revoke" // POST AdminRequest
	AdminDamage = "/damage" // POST AdminRequest, answers AdminDamages
	AdminAccept = "/accept" // POST AdminRequest
)

// AdminRequest is the body of every request of an administrator. Which fields
// count depends on the path.
type AdminRequest struct {
	Store string `json:"store,omitempty"`
	Desk  string `json:"desk,omitempty"`
	Name  string `json:"name,omitempty"`
}

// AdminDamages answers AdminDamage.
type AdminDamages struct {
	Damages []Damage `json:"damages"`
}

// AdminHandler does what the owner of the relay may do. It asks for no proof:
// serve it where only the owner can reach it, never on a network.
func (s *Server) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	for path, do := range map[string]func(context.Context, AdminRequest) (any, error){
		AdminPair: func(ctx context.Context, in AdminRequest) (any, error) { return s.NewCode(ctx, in.Store) },
		AdminDesks: func(_ context.Context, in AdminRequest) (any, error) {
			return relay.Desks{Desks: s.Desks(in.Store)}, nil
		},
		AdminRename: func(ctx context.Context, in AdminRequest) (any, error) {
			return struct{}{}, s.RenameDesk(ctx, in.Store, in.Desk, in.Name)
		},
		AdminRevoke: func(ctx context.Context, in AdminRequest) (any, error) {
			return struct{}{}, s.RevokeDesk(ctx, in.Store, in.Desk)
		},
		AdminDamage: func(context.Context, AdminRequest) (any, error) { return AdminDamages{s.Damage()}, nil },
		AdminAccept: func(ctx context.Context, _ AdminRequest) (any, error) { return struct{}{}, s.AcceptDamage(ctx) },
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			var in AdminRequest
			if !read(w, r, &in) {
				return
			}
			out, err := do(context.WithoutCancel(r.Context()), in)
			if err != nil {
				s.fail(w, err)
				return
			}
			answer(w, out)
		})
	}
	return mux
}
