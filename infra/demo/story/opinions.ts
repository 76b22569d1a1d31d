/** What buyers say, by stars. Not all say something. */
export const opinions: Readonly<Record<1 | 2 | 3 | 4 | 5, readonly (readonly [title: string, body: string])[]>> = {
  5: [
    [
      'Running since the first evening',
      'Imported, set two credentials, done. The notes on the canvas say exactly what to change.',
    ],
    [
      'Does the boring part well',
      'What convinced me is the error path: it tells me what it could not do instead of stopping quietly.',
    ],
    [
      'Saved us a Friday',
      'Our team used to do this by hand every week. The preview showed all nodes, so there were no surprises.',
    ],
    [
      'Clean work',
      'Readable names, no hidden sub-workflows, sensible defaults. I have learned a few things from the code nodes.',
    ],
    [
      'Exactly as described',
      'I compared the drawing with what I got: identical. Works on our self-hosted instance behind a proxy.',
    ],
    ['Good value', 'Two hours of tinkering avoided, and the retry settings are better than mine would have been.'],
    ['Quiet and reliable', 'Two weeks, some four hundred runs, no failure that was not our own fault.'],
    ['Easy to bend', 'Swapped the chat service for ours in five minutes because every step is a node of its own.'],
  ],
  4: [
    ['Solid', 'Took me a while to find where the threshold is set; a note there would help. Otherwise very good.'],
    ['Works, needs a time zone', 'The schedule is in the time zone of the instance. Once I had seen that, all fine.'],
    ['Nearly perfect', 'I would have liked a version for Microsoft 365, but replacing three nodes was no drama.'],
    ['Good, mind the quota', 'With a few thousand items one runs into the limits of the API. A wait node solved it.'],
    ['Happy with it', 'Straightforward to set up. The description could name the exact permissions of the credential.'],
  ],
  3: [
    ['Fine for small numbers', 'For our volume I had to add batches. The logic itself is right.'],
    ['Does its thing', 'Works, but I expected more than one channel for alerts at this price.'],
    ['Half of what I need', 'The first part is excellent, the second assumes a sheet that looks like theirs.'],
  ],
  2: [
    ['Too tied to one service', 'Only useful if you use the same tools in the same way. Should be said more clearly.'],
    ['Needs work', 'The model misread about a quarter of our documents. Better prompts helped, but that was my work.'],
  ],
  1: [['Not for us', 'Stopped at the second node with our data and I could not find out why.']],
};

/** Answers of vendors, by whether the buyer was pleased. */
export const replies: Readonly<Record<'pleased' | 'not', readonly string[]>> = {
  pleased: [
    'Thank you, this made our day. The next version brings the note you are missing.',
    'Glad it runs. If you ever change the schedule, the first node is the only place.',
    'Thanks for the details. I have put the time zone into the description.',
  ],
  not: [
    'Sorry about that. Send me the error of the failed run by mail and I will look at it this week.',
    'You are right, the description was not clear enough there. I have changed it, and a refund is on its way if you want one.',
  ],
};
