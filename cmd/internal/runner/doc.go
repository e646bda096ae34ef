// Package runner runs programs of the system for the parts that need one, such
// as the printing of the system. A program ends with the context; what it wrote
// is bounded, and no shell reads its arguments.
package runner
