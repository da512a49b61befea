import sharp from 'sharp';

const WIDTH = 300;
const HEIGHT = 240;

/** A picture of goods as shops show them: a few plain shapes on white, always the same for a seed. PNG. */
export async function aPicture(seed: number): Promise<Buffer> {
  const random = numbersFrom(seed);
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3, 255);
  for (let shapes = 3 + Math.floor(random() * 4); shapes > 0; shapes -= 1) {
    const [centreX, centreY] = [(0.25 + 0.5 * random()) * WIDTH, (0.25 + 0.5 * random()) * HEIGHT];
    const [halfX, halfY] = [(0.05 + 0.2 * random()) * WIDTH, (0.05 + 0.2 * random()) * HEIGHT];
    const colour = [random() * 220, random() * 220, random() * 220];
    const isRound = random() < 0.5;
    for (let at = 0; at < WIDTH * HEIGHT; at += 1) {
      const [x, y] = [((at % WIDTH) - centreX) / halfX, (Math.floor(at / WIDTH) - centreY) / halfY];
      if (isRound ? x * x + y * y < 1 : Math.abs(x) < 1 && Math.abs(y) < 1) pixels.set(colour, at * 3);
    }
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
}

function numbersFrom(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  for (let warm = 0; warm < 5; warm += 1) next();
  return next;
}
