import { ask, classify, extract, openAi, sentiment, shaped } from './kit/ai.ts';
import {
  base,
  code,
  everyHours,
  everyMinutes,
  formTrigger,
  fromHtml,
  hash,
  nothing,
  only,
  onlyNew,
  respond,
  retried,
  route,
  set,
  webhookAnswered,
  when,
  withErrorOutput,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  airtableSearch,
  airtableUpsert,
  gmailSend,
  http,
  hubspotContact,
  pipedriveDeal,
  slack,
  sms,
} from './kit/services.ts';
import { cart, competitors, noShow } from './mara-sales-workflows.ts';
import type { Offer } from './offer.ts';

const leads = (polite: boolean): string =>
  workflow('Lead form with a score', {
    nodes: {
      'Somebody is interested': formTrigger('Tell me about your project', 'I answer within a day.', [
        { fieldLabel: 'Name' },
        { fieldLabel: 'Work email', fieldType: 'email' },
        { fieldLabel: 'Website', optional: true },
        { fieldLabel: 'What is it about', fieldType: 'textarea' },
        { fieldLabel: 'Budget', fieldType: 'dropdown', options: ['under 2k', '2k to 10k', 'above 10k', 'not sure'] },
      ]),
      'Their page': withErrorOutput(http('={{ $json.Website || "https://" + $json["Work email"].split("@")[1] }}')),
      'What it says': fromHtml({ title: 'title', headline: 'h1', about: 'meta[name=description]' }),
      'No page': set({ title: '', headline: '', about: '' }),
      'Read between the lines': extract(
        "={{ $('Somebody is interested').item.json['What is it about'] }}\n\nTheir page: {{ $json.title }} {{ $json.about }}",
        {
          need: ['string', 'What they need, in ten words'],
          urgency: ['number', '0 to 3, how urgent it sounds'],
          fit: ['number', '0 to 5, how well it fits automation work for small companies'],
        },
      ),
      'GPT-4.1 mini': openAi('gpt-4.1-mini', 0),
      'Add it up': code(
        `const form = $('Somebody is interested').item.json;
const money = { 'above 10k': 4, '2k to 10k': 3, 'not sure': 1, 'under 2k': 0 }[form.Budget] ?? 0;
const own = /gmail|outlook|gmx|icloud/.test(form['Work email']) ? 0 : 1;
const { fit, urgency, need } = $json.output;
return { json: { score: money + own + Number(fit) + Number(urgency), need, name: form.Name, email: form['Work email'] } };`,
        true,
      ),
      'Into HubSpot': retried(
        hubspotContact('={{ $json.email }}', { firstName: '={{ $json.name }}', message: '={{ $json.need }}' }),
      ),
      'Hot, warm or cold?': route({
        hot: ["={{ $('Add it up').item.json.score }}", 'number gte', 9],
        warm: ["={{ $('Add it up').item.json.score }}", 'number gte', 5],
      }),
      'Call today': slack(
        "={{ $('Add it up').item.json.name }} scores {{ $('Add it up').item.json.score }}: {{ $('Add it up').item.json.need }}",
      ),
      'Personal mail': gmailSend(
        "={{ $('Add it up').item.json.email }}",
        'Your project',
        'I read what you wrote. Two times that would suit me: …',
      ),
      ...(polite
        ? {
            'Kind no': gmailSend(
              "={{ $('Add it up').item.json.email }}",
              'Not the right one',
              'I am not the right person for this, but these two may be: …',
            ),
          }
        : { 'Kind no': nothing() }),
    },
    paths: [
      [
        'Somebody is interested',
        'Their page',
        'What it says',
        'Read between the lines',
        'Add it up',
        'Into HubSpot',
        'Hot, warm or cold?',
        'Call today',
      ],
      [{ at: 'Their page', out: 1 }, 'No page', 'Read between the lines'],
      [{ at: 'Hot, warm or cold?', out: 1 }, 'Personal mail'],
      [{ at: 'Hot, warm or cold?', out: 2 }, 'Kind no'],
    ],
    serves: { 'Read between the lines': ['GPT-4.1 mini'] },
    notes: [
      {
        text: '## The score is arithmetic\nThe model rates fit and urgency. Money and address are counted in code, where you can read it.',
        behind: ['Add it up'],
        color: 4,
      },
    ],
  });

const reviews = workflow('Review answers, drafted by mood', {
  nodes: {
    'Every two hours': everyMinutes(120),
    'New reviews': base('googleBusinessProfile', 1, {
      resource: 'review',
      operation: 'getAll',
      account: { __rl: true, mode: 'list', value: '' },
      location: { __rl: true, mode: 'list', value: '' },
      returnAll: false,
      limit: 20,
    }),
    'Not answered yet': only(['={{ $json.reviewReply }}', 'object empty']),
    'Seen once': onlyNew('={{ $json.reviewId }}'),
    Mood: sentiment('={{ $json.comment }}'),
    'Small model': openAi('gpt-4.1-mini', 0),
    'Warm and short': set({ tone: 'Thank for one detail, 30 words, no offer.' }, true),
    Plain: set({ tone: 'Answer the point, 40 words.' }, true),
    'Own it': set({ tone: 'Name the mistake, say what happens now, offer a phone number. 50 words, no excuse.' }, true),
    'Draft the answer': ask(
      '={{ $json.comment }}',
      '={{ $json.tone }} Write in the language of the review. Never promise money.',
    ),
    'GPT-4.1': openAi('gpt-4.1', 0.5),
    'For the owner': airtableUpsert({ Review: "={{ $('Seen once').item.json.reviewId }}", Draft: '={{ $json.text }}' }),
    'At once, if angry': sms('={{ $env.OWNER_PHONE }}', '={{ $json.comment.slice(0, 120) }}'),
  },
  paths: [
    [
      'Every two hours',
      'New reviews',
      'Not answered yet',
      'Seen once',
      'Mood',
      'Warm and short',
      'Draft the answer',
      'For the owner',
    ],
    [{ at: 'Mood', out: 1 }, 'Plain', 'Draft the answer'],
    [{ at: 'Mood', out: 2 }, 'Own it', 'Draft the answer'],
    [{ at: 'Mood', out: 2 }, 'At once, if angry'],
  ],
  serves: { Mood: ['Small model'], 'Draft the answer': ['GPT-4.1'] },
});

const growth = workflow('Cold outreach machine', {
  nodes: {
    'Every hour': everyHours(1),
    Strangers: airtableSearch('{Contacted} = BLANK()'),
    'Guess the need': ask('={{ $json.Company }}', 'Write a first line that sounds as if I knew them.', true),
    'GPT-4.1 mini': openAi(),
    Line: shaped({ line: '' }),
    'Send it': gmailSend("={{ $('Strangers').item.json.Email }}", 'Quick question', '={{ $json.output.line }}'),
    'New deal': pipedriveDeal("={{ $('Strangers').item.json.Company }}"),
  },
  paths: [['Every hour', 'Strangers', 'Guess the need', 'Send it', 'New deal']],
  serves: { 'Guess the need': ['GPT-4.1 mini', 'Line'] },
});

const referrals = workflow('Referral links without a plugin', {
  nodes: {
    'Link is opened': webhookAnswered('r', { httpMethod: 'GET' }),
    'Whose link?': airtableSearch("=({Code} = '{{ $json.query.c }}')"),
    'Known?': when(['={{ $json.id }}', 'string notEmpty']),
    'Count without cookies': hash(
      "={{ $('Link is opened').item.json.headers['x-forwarded-for'] }}{{ $today.toISODate() }}",
      'visitor',
    ),
    'First time today': onlyNew('={{ $json.visitor }}'),
    'One more': airtableUpsert({ Code: '={{ $json.Code }}', Visits: '={{ $json.Visits + 1 }}' }),
    'What kind of visitor': classify("={{ $('Link is opened').item.json.headers['user-agent'] }}", {
      person: 'A browser',
      robot: 'A crawler, a preview or a script',
    }),
    'Small model': openAi('gpt-4.1-nano', 0),
    'On to the shop': base('respondToWebhook', 1.1, {
      respondWith: 'redirect',
      redirectURL: '={{ $env.SHOP_URL }}?ref={{ $json.query?.c }}',
      options: {},
    }),
    'To the front page': respond('text', 'This link is not known here.', 404),
  },
  paths: [
    [
      'Link is opened',
      'Whose link?',
      'Known?',
      'On to the shop',
      'What kind of visitor',
      'Count without cookies',
      'First time today',
      'One more',
    ],
    [{ at: 'Known?', out: 1 }, 'To the front page'],
  ],
  serves: { 'What kind of visitor': ['Small model'] },
});

const vendor = 'mara';
const one = (file: string): Offer['versions'] => [{ version: '1.0.0', file }];

export const maraSales: readonly Offer[] = [
  {
    ...{ ref: 'leads', vendor, category: 'Sales', price: 3400, team: 9400 },
    title: 'Lead form with a score you can read',
    summary: 'A form, a look at their page, a score made of arithmetic, and three ways to answer.',
    description:
      'Whoever fills in the form is looked up on their own page; a model rates fit and urgency, everything else is counted in code that you can read and change. Hot leads ping you, warm ones get a personal mail, cold ones a kind no.\n\nNo enrichment service, no hidden data broker.',
    tags: ['leads', 'forms', 'hubspot', 'llm'],
    versions: [
      { version: '1.0.0', notes: 'First release.', file: leads(false) },
      { version: '1.1.0', notes: 'Cold leads get an answer too: a kind no with two names.', file: leads(true) },
    ],
  },
  {
    ...{ ref: 'no-show', vendor, category: 'Sales', price: 1700, versions: one(noShow) },
    title: 'No-shows get one more chance',
    summary: 'Waits until the meeting is over, asks once without blame, and then leaves people alone.',
    description:
      'Works with Calendly. Marks who rebooked and who is gone, and tells the team when a slot is free again. One mail, not five; that is the whole secret.',
    tags: ['calendly', 'meetings', 'follow-up'],
  },
  {
    ...{ ref: 'cart', vendor, category: 'E-commerce', price: 2600, versions: one(cart) },
    title: 'Abandoned cart, three nudges',
    summary: 'What is in it, an answer to doubts, free shipping for large carts. Only for people who agreed to mail.',
    description:
      'Three mails over four days, and none to those who bought meanwhile. The last one costs you postage, so it goes to carts above 80. Change the texts, keep the pauses.',
    tags: ['shopify', 'email', 'e-commerce'],
  },
  {
    ...{ ref: 'competitors', vendor, category: 'E-commerce', price: 2100, versions: one(competitors) },
    title: 'Competitor prices, twice a day',
    summary: 'Watches the pages you name and speaks when a price moves by three percent.',
    description:
      'A sheet with page and selector. Prices become cents whatever their notation, small changes are ignored, and a page that changed its shape is named instead of being read as free.\n\nPolite: two visits a day.',
    tags: ['prices', 'scraping', 'alerts'],
  },
  {
    ...{ ref: 'reviews', vendor, category: 'Support', price: 1900, versions: one(reviews) },
    title: 'Review answers, drafted by mood',
    summary:
      'Sorts new reviews into three moods and drafts an answer in a tone that fits, in the language of the review.',
    description:
      'Happy people get thirty words, angry ones get the owner on the phone. Nothing is published by itself; drafts wait in Airtable.',
    tags: ['reviews', 'sentiment', 'airtable'],
  },
  {
    ...{ ref: 'growth', vendor, category: 'Sales', price: 2900, versions: one(growth) },
    title: 'Cold outreach machine',
    summary: 'Writes first lines to people who have not heard of you.',
    description: 'Takes addresses from Airtable, writes a first line for each, sends it and opens a deal.',
    tags: ['outreach', 'email'],
  },
  {
    ...{ ref: 'referrals', vendor, category: 'Marketing', price: 1200, versions: one(referrals) },
    title: 'Referral links without a plugin',
    summary: 'Counts who came by whose link, once a day and without cookies, and sends them on to the shop.',
    description:
      'A webhook that looks a code up, redirects, and counts a visitor once a day by a hash that is useless tomorrow. Robots are told apart and not counted.',
    tags: ['referrals', 'webhook', 'privacy'],
  },
];
