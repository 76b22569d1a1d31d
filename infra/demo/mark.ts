/** A file that says that its folder was filled by the demo, and when. */
export const mark = 'demo.json';
