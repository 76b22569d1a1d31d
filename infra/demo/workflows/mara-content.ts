import { ask, extract, openAi, shaped } from './kit/ai.ts';
import {
  append,
  base,
  code,
  gather,
  limit,
  manually,
  only,
  onlyNew,
  set,
  toHtml,
  weeklyOn,
  when,
  withErrorOutput,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import { email, http, notionCreate, notionPages, rss, sheetRows, slack, weather } from './kit/services.ts';
import { podcast, seo, social } from './mara-content-workflows.ts';
import type { Offer } from './offer.ts';

const newsletter = workflow('Newsletter from the links of the week', {
  nodes: {
    'Thursday at four': weeklyOn(4, 16),
    'My sources': sheetRows(),
    'Read each feed': withErrorOutput(rss('={{ $json.feed }}')),
    'This week only': only(['={{ $json.isoDate }}', 'dateTime after', '={{ $now.minus({ days: 7 }).toISO() }}']),
    'Not sent before': onlyNew('={{ $json.link }}'),
    'At most forty': limit(40),
    'One list': gather('links'),
    'Choose seven': ask(
      '={{ JSON.stringify($json.links.map(({ title, link, contentSnippet }) => ({ title, link, text: (contentSnippet ?? "").slice(0, 400) }))) }}',
      'Choose the seven links that a small shop owner can use this month. For each: the link as given, a headline of at most nine words, and two sentences in the first person that say what to do with it. No hype words. Never change a link.',
      true,
    ),
    'GPT-4.1': openAi('gpt-4.1', 0.6),
    'Seven entries': shaped({
      intro: 'two sentences',
      items: [{ link: 'https://…', headline: 'nine words', why: 'two sentences' }],
    }),
    'Check the links': code(
      `const known = new Set($('One list').first().json.links.map((l) => l.link));
const items = $json.output.items.filter((i) => known.has(i.link));
const body = [$json.output.intro, ...items.map((i) => '## [' + i.headline + '](' + i.link + ')\\n' + i.why)].join('\\n\\n');
return { json: { body, dropped: $json.output.items.length - items.length } };`,
      true,
    ),
    'As HTML': toHtml('={{ $json.body }}'),
    'A draft, not a send': base('gmail', 2.1, {
      resource: 'draft',
      subject: '=The week in seven links, {{ $now.toFormat("d LLLL") }}',
      emailType: 'html',
      message: '={{ $json.data }}',
      options: {},
    }),
    'Dead feed': slack('=This feed does not answer: {{ $json.feed }}'),
  },
  paths: [
    [
      'Thursday at four',
      'My sources',
      'Read each feed',
      'This week only',
      'Not sent before',
      'At most forty',
      'One list',
      'Choose seven',
      'Check the links',
      'As HTML',
      'A draft, not a send',
    ],
    [{ at: 'Read each feed', out: 1 }, 'Dead feed'],
  ],
  serves: { 'Choose seven': ['GPT-4.1', 'Seven entries'] },
  notes: [
    {
      text: '## Made-up links end here\nWhatever the model answers, only links that were in the feeds get through.',
      behind: ['Check the links'],
      color: 4,
    },
  ],
});

const weekend = workflow('Weather-wise weekend mail', {
  nodes: {
    'Thursday noon': weeklyOn(4, 12),
    'Our shops': sheetRows(),
    'Five days ahead': weather('={{ $json.city }}'),
    'The weekend': code(
      `const days = $json.list.filter((s) => [6, 0].includes(new Date(s.dt * 1000).getUTCDay()));
const rain = days.filter((s) => (s.pop || 0) > 0.5).length / Math.max(1, days.length);
const warmest = Math.max(...days.map((s) => s.main.temp));
return { json: { city: $('Our shops').item.json.city, list: $('Our shops').item.json.list, rain, warmest } };`,
      true,
    ),
    'Wet?': when(['={{ $json.rain }}', 'number gt', 0.4]),
    'Rain jackets': set({ subject: 'It rains on Saturday. Go anyway.', block: 'rain' }, true),
    'Warm enough to swim?': when(['={{ $json.warmest }}', 'number gt', 25]),
    'Swimming things': set({ subject: 'Warm water, light bag', block: 'water' }, true),
    'Walking shoes': set({ subject: 'Two dry days for your feet', block: 'walk' }, true),
    'Each shop once': append(3),
    'Campaign draft': http('https://api.brevo.com/v3/emailCampaigns', {
      method: 'POST',
      body: '={{ JSON.stringify({ name: $json.city + " " + $today.toISODate(), subject: $json.subject, params: { block: $json.block }, recipients: { listIds: [Number($json.list)] } }) }}',
      signIn: 'httpHeaderAuth',
    }),
  },
  paths: [
    [
      'Thursday noon',
      'Our shops',
      'Five days ahead',
      'The weekend',
      'Wet?',
      'Rain jackets',
      'Each shop once',
      'Campaign draft',
    ],
    [{ at: 'Wet?', out: 1 }, 'Warm enough to swim?', 'Swimming things', { at: 'Each shop once', in: 1 }],
    [{ at: 'Warm enough to swim?', out: 1 }, 'Walking shoes', { at: 'Each shop once', in: 2 }],
  ],
});

const interviews = workflow('Interview notes, filed and quoted', {
  nodes: {
    'I have a transcript': manually(),
    'New transcripts': notionPages({ simple: true }),
    'Pull out the facts': extract('={{ $json.property_transcript }}', {
      role: ['string', 'Role of the person interviewed'],
      pains: ['string', 'What annoys them, in their own words, separated by |'],
      tools: ['string', 'Tools they name, separated by commas'],
      willPay: ['boolean', 'Whether they said they would pay to have it solved'],
    }),
    'GPT-4.1 mini': openAi('gpt-4.1-mini', 0),
    'One pain each': code(
      `return $input.all().flatMap(({ json }) => json.output.pains.split('|').map((pain) => ({ json: { ...json.output, pain: pain.trim() } })));`,
    ),
    'In their words?': code(
      `const text = $('New transcripts').all().map((i) => i.json.property_transcript).join(' ');
return { json: { ...$json, verbatim: text.includes($json.pain) } };`,
      true,
    ),
    'Only what was said': only(['={{ $json.verbatim }}', 'boolean true']),
    'Into the research board': notionCreate('={{ $json.pain }}', {
      Role: '={{ $json.role }}',
      Tools: '={{ $json.tools }}',
    }),
    'How many': gather('filed'),
    'Tell me': email('={{ $env.ME }}', '=Filed {{ $json.filed.length }} quotes', 'They are on the research board.'),
  },
  paths: [
    [
      'I have a transcript',
      'New transcripts',
      'Pull out the facts',
      'One pain each',
      'In their words?',
      'Only what was said',
      'Into the research board',
      'How many',
      'Tell me',
    ],
  ],
  serves: { 'Pull out the facts': ['GPT-4.1 mini'] },
});

const prompts = `# Twelve prompts for product copy that does not sound like a prompt

Written for shops with more products than writers. Each names what goes in, what comes out, and what is forbidden.

1. **From a spec sheet.** "Here is a spec sheet. Write 80 words for somebody who has owned one before. Start with the difference to the predecessor. Use no adjective that a competitor could use too."
2. **For a first-time buyer.** "Explain in 60 words what this is for, who does not need it, and what is in the box. No comparison, no superlative."
3. **The honest drawback.** "Name the one thing a buyer will dislike after a month, from these reviews, and say in one sentence for whom it does not matter."
4. **Size and fit.** "Turn these measurements into two sentences that a person without a ruler understands."
5. **Category page.** "Write 120 words above this list of products: how they differ, how to choose, no product names."
6. **Mail subject lines.** "Ten subject lines under 45 characters that state a fact from the text. No questions, no exclamation marks."
7. **Care instructions.** "Rewrite as four steps, each beginning with a verb, each with the reason in half a sentence."
8. **Out of stock.** "Two sentences: when it is back, and the closest thing in this list, with the one difference that matters."
9. **Review answer.** "Answer this review in 50 words. Thank for the detail, not for the review. State what changes, or say that nothing does and why."
10. **Return reason.** "Group these return reasons in at most five groups, each with a count and a quote word for word."
11. **Alt texts.** "Describe the picture in one sentence for somebody who cannot see it, the product first, then the setting."
12. **The second draft.** "Here is a text. Remove every sentence that would be true of any product, and show what is left."
`;

const vendor = 'mara';
const one = (file: string): Offer['versions'] => [{ version: '1.0.0', file }];

export const maraContent: readonly Offer[] = [
  {
    ...{ ref: 'newsletter', vendor, category: 'Content', price: 2900, team: 7900, versions: one(newsletter) },
    title: 'Newsletter from the links of the week',
    summary: 'Reads your feeds, picks seven links, writes two honest sentences on each, leaves a draft in Gmail.',
    description:
      'I have sent my own newsletter with this for a year. Feeds live in a sheet, nothing is sent twice, and links that the model makes up are dropped by code before anybody sees them.\n\nIt makes a draft. You read it, you send it. That is the point.',
    tags: ['newsletter', 'rss', 'llm', 'gmail'],
  },
  {
    ...{ ref: 'podcast', vendor, category: 'Content', price: 2400, versions: one(podcast) },
    title: 'Podcast to show notes',
    summary: 'Drop the audio into a folder; hook, takeaways, mentions and quotes wait in WordPress as a draft.',
    description:
      'Transcribes, summarises long episodes in parts, and writes notes in the order listeners like. Quotes it is not sure about are marked [check], so check them.\n\nAn hour of audio costs about forty cents.',
    tags: ['podcast', 'transcription', 'wordpress'],
  },
  {
    ...{ ref: 'seo', vendor, category: 'Marketing', price: 1900, versions: one(seo) },
    title: 'Page health, page by page',
    summary: 'Walks your sitemap once a month and writes speed and missing basics of every page into a sheet.',
    description:
      'Mobile speed from PageSpeed, title, description and headings from the page itself. Five pages at a time with a pause, so the quota holds for sites of a few hundred pages. Pages that do not load are listed as that.',
    tags: ['seo', 'pagespeed', 'sitemap'],
  },
  {
    ...{ ref: 'social', vendor, category: 'Marketing', price: 1600, versions: one(social) },
    title: 'Social posts with a yes in between',
    summary:
      'Takes today’s brief from Notion, writes it for three places, and posts only after somebody said yes in Slack.',
    description:
      'Three texts from one brief, figures and names untouched. Two buttons in Slack; the run waits for as long as you need. “No” puts the page back into the plan.',
    tags: ['social-media', 'approval', 'notion', 'slack'],
  },
  {
    ...{ ref: 'weekend', vendor, category: 'E-commerce', price: 1400, versions: one(weekend) },
    title: 'Weather-wise weekend mail',
    summary: 'Chooses what an outdoor shop writes about on Thursday by what the sky does on Saturday.',
    description:
      'One forecast a shop, three kinds of weekend, one campaign draft. My client sold more rain jackets with “Go anyway” than with any discount.',
    tags: ['weather', 'email', 'retail'],
    stock: 12,
  },
  {
    ...{ ref: 'interviews', vendor, category: 'Research', price: 2200, versions: one(interviews) },
    title: 'Interview notes, filed and quoted',
    summary: 'Pulls pains out of interview transcripts and keeps only those that were said word for word.',
    description:
      'Models paraphrase; research must not. Every pain is looked up in the transcript, and what is not there word for word is thrown away before it reaches your board.',
    tags: ['research', 'interviews', 'notion'],
  },
  {
    ...{ ref: 'prompts', vendor, category: 'Content', kind: 'prompt-pack', price: 900, versions: one(prompts) },
    title: 'Twelve prompts for product copy',
    summary: 'Prompts for shops with more products than writers, each with what it forbids.',
    description:
      'Twelve prompts I use with clients: spec sheets, first-time buyers, honest drawbacks, care instructions, review answers and more. A text file, for any model.',
    tags: ['prompts', 'copywriting', 'e-commerce'],
  },
];
