/** `@cloison/embed/frame`: the helper for host pages with an iframe. */
export { connectFrame, connectFrames } from '../frame/frame';
export type { Frame, FrameOptions, FrameWishes } from '../frame/frame';
