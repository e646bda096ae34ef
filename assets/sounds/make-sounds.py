#!/usr/bin/env python3
"""Makes the two sounds of the till: soft bells, 16 bit, 22,050 Hz, one channel.

paid.wav rises by a fifth and says: done. alarm.wav falls twice and says: look
here. Both begin and end in silence, so that no loudspeaker clicks.
"""
import math
import pathlib
import struct
import wave

RATE = 22050


def bell(out, start, pitch, length, loud):
    """Adds a struck bell: a few partials that die away, high ones sooner."""
    for partial, share, fade in ((1.0, 1.0, 1.0), (2.0, 0.35, 1.8), (3.01, 0.12, 2.6)):
        for i in range(int(length * RATE)):
            t = i / RATE
            swell = min(1.0, t / 0.006)
            end = min(1.0, (length - t) / 0.02)
            value = math.sin(2 * math.pi * pitch * partial * t) * math.exp(-fade * 5.5 * t / length)
            out[int(start * RATE) + i] += loud * share * swell * end * value


def write(name, length, bells):
    out = [0.0] * int(length * RATE)
    for start, pitch, long, loud in bells:
        bell(out, start, pitch, long, loud)
    top = max(abs(v) for v in out)
    frames = b"".join(struct.pack("<h", round(v / top * 0.6 * 32767)) for v in out)
    path = pathlib.Path(__file__).with_name(name)
    with wave.open(str(path), "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(frames)


write("paid.wav", 0.75, [(0.0, 783.99, 0.5, 0.8), (0.11, 1174.66, 0.62, 1.0)])
write("alarm.wav", 1.05, [(0.0, 880.0, 0.3, 1.0), (0.18, 659.26, 0.34, 1.0), (0.5, 880.0, 0.3, 1.0), (0.68, 659.26, 0.36, 1.0)])
