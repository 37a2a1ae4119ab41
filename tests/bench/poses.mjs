// Where the eye was and when: recorded from our tour, shown again by the other viewer.

/**
 * A place of the eye. Angles are those of the tour's public state: yaw 0 looks along −Z and grows
 * to the left, pitch grows upwards.
 * @typedef {{at: number, position: [number, number, number], yawDeg: number, pitchDeg: number}} Pose `at` in
 *   milliseconds since the walk began
 */

/** @param {number} from @param {number} to @param {number} share */
const between = (from, to, share) => from + (to - from) * share;

/** The shorter way round. @param {number} from @param {number} to degrees */
const turn = (from, to) => ((((to - from + 180) % 360) + 360) % 360) - 180;

/**
 * The pose at a moment, between the two recorded around it.
 * @param {Pose[]} poses at least one, in their order @param {number} at
 * @returns {Pose}
 */
export function poseAt(poses, at) {
  let after = poses.findIndex((pose) => pose.at > at);
  if (after < 0) after = poses.length;
  const from = /** @type {Pose} */ (poses[Math.max(after - 1, 0)]);
  const to = /** @type {Pose} */ (poses[Math.min(after, poses.length - 1)]);
  const share = to.at > from.at ? Math.min(Math.max((at - from.at) / (to.at - from.at), 0), 1) : 1;
  return {
    at,
    position: [
      between(from.position[0], to.position[0], share),
      between(from.position[1], to.position[1], share),
      between(from.position[2], to.position[2], share),
    ],
    yawDeg: from.yawDeg + turn(from.yawDeg, to.yawDeg) * share,
    pitchDeg: between(from.pitchDeg, to.pitchDeg, share),
  };
}

/** How long a walk takes, milliseconds. @param {Pose[]} poses */
export const lengthOf = (poses) => poses.at(-1)?.at ?? 0;
