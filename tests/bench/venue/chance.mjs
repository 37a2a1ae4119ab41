// Chance that falls the same way each time.

/**
 * Numbers from 0 up to 1 that follow from a seed (a 32-bit counter through an integer hash).
 * @param {number} seed
 */
export function chance(seed) {
  let count = seed >>> 0;
  return () => {
    count = (count + 0x9e3779b9) >>> 0;
    return hash(count) / 2 ** 32;
  };
}

/** Mixes the bits of an integer so that its neighbours have nothing in common. @param {number} value */
export function hash(value) {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
