"""Measures shared by all parts. Boat frame: X to the bow, Y to port, Z up, water at z = 0, metres.

Length 16 m and beam about 3 m are the usual museum figures; layout from local histories (see HISTORY.md):
bow deck, front cabin, middle cabin with clerestory, room with couch, galley, side passage, tender.
Cheated: beam 3.36 m and clear height 2.05 m, so that a standing visitor can walk everywhere.
"""
import math
import numpy as np

DECK, FLOOR, QUAY = 0.70, 0.55, 0.62
HEAD = 2.60                      # underside of beams: 2.05 m above the floor
XB, XF, XM, XR, XG = 4.6, 2.6, -1.9, -4.7, -6.7   # bow deck | front | middle | rear room | galley | stern deck
YS, YP = -1.42, 1.02             # cabin walls, starboard and port; the side passage lies from YP to the port side
YC = (YS + YP) / 2               # middle of the cabins
DOOR = 0.90

# gangplank: foot on the quay, direction towards the land, and along the quay's edge
PQ = np.array([7.9, -3.8]); DS = np.array([0.5, -0.8660254]); E = np.array([0.8660254, 0.5])
QUAY_U, QUAY_V = (-7.0, 8.0), 8.0
PLANK = 3.55                     # length of the gangplank on plan
# the exhibition pavilion's lake side: step up to its porch, columns, wall with the doors (shore frame, v inland)
STEP_V, PORCH, COLUMN_V, DOOR_V = 8.15, .15, 8.45, 9.60
DOOR_STAND = (0.0, 6.9)          # u, v: where one stands who has just come out of it


def shore(u, v):
    """Shore frame (u along the edge, v inland) to boat frame."""
    return PQ + u * E + v * DS


SHORE_M = np.eye(4)
SHORE_M[:2, 0] = E; SHORE_M[:2, 1] = -DS; SHORE_M[:2, 3] = PQ     # local x = u, local y = -v (so z stays up)


def half(x):
    return 1.68 - 0.92 * max(0, (x - 3.5) / 4.5) ** 2 - 0.62 * max(0, (-4.5 - x) / 3.4) ** 2


def sheer(x):
    return 0.79 + 0.56 * max(0, (x - 3.5) / 4.5) ** 3 + 0.80 * max(0, (-4.8 - x) / 3.1) ** 2.2


def keel(x):
    return -0.40 + 1.45 * max(0, (x - 3.0) / 5.0) ** 1.8 + 1.2 * max(0, (-4.0 - x) / 3.9) ** 1.7


def deck(x):
    return DECK + 0.46 * max(0, (x - 6.3) / 1.7) ** 1.6 + 0.42 * max(0, (-7.0 - x) / 0.9) ** 1.5
