import {
  agent,
  chat,
  chatAgent,
  classify,
  claude,
  fromAi,
  httpTool,
  memory,
  mistral,
  openAi,
  shaped,
  tool,
} from './kit/ai.ts';
import {
  base,
  code,
  dailyAt,
  loop,
  nothing,
  onlyNew,
  respond,
  set,
  toFile,
  wait,
  webhook,
  webhookAnswered,
  when,
  withErrorOutput,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  email,
  gmailDraft,
  gmailLabel,
  gmailTrigger,
  http,
  sheetRows,
  sheetUpsert,
  slack,
  zendeskTicket,
} from './kit/services.ts';
import type { Offer } from './offer.ts';

const support = workflow('Shop support agent', {
  nodes: {
    'Customer writes': chat('Hello. I can look up orders and returns. What is your order number?'),
    'Support agent': chatAgent(
      'You help customers of a small shop. Look the order up before you say anything about it, and only with number and e-mail address together. You may explain shipping, returns and care. You may not promise refunds, discounts or dates. When somebody is upset, asks for a person, or you failed twice, open a ticket and say that a person answers by tomorrow. Two short paragraphs at most.',
    ),
    Claude: claude(),
    'This conversation': memory(undefined, 20),
    'Order and parcel': httpTool(
      'State, items and tracking of an order. Needs number and e-mail address.',
      '={{ $env.SHOP_URL }}/api/orders',
      {
        number: fromAi('number', 'the order number'),
        email: fromAi('email', 'the address used for the order'),
      },
    ),
    Policies: tool('googleSheets', 4.5, 'Policies for shipping, returns and care, one a row', {
      documentId: { __rl: true, mode: 'list', value: '' },
      sheetName: { __rl: true, mode: 'list', value: '' },
      options: {},
    }),
    'Open a ticket': tool('zendesk', 1, 'Hands the conversation to a person', {
      description: fromAi('summary', 'what the customer needs, with the order number'),
      additionalFields: { subject: fromAi('subject', 'eight words') },
    }),
  },
  paths: [['Customer writes', 'Support agent']],
  serves: { 'Support agent': ['Claude', 'This conversation', 'Order and parcel', 'Policies', 'Open a ticket'] },
  notes: [
    {
      text: '## What it may not do\nPromise money, discounts or dates. That is in the prompt, and the tools could not do it either.',
      behind: ['Support agent'],
      color: 3,
    },
  ],
});

const inbox = workflow('Inbox in five piles', {
  nodes: {
    'New mail': gmailTrigger('in:inbox is:unread'),
    'Which pile?': classify('={{ $json.subject }}\n\n{{ $json.text.slice(0, 6000) }}', {
      'needs an answer': 'A person asks something that only I can answer',
      invoice: 'An invoice, receipt or payment reminder',
      newsletter: 'Sent to many',
      'can wait': 'For information, no question in it',
    }),
    Mistral: mistral(),
    'Write a draft': agent(
      '={{ $("New mail").item.json.text }}',
      'Draft an answer in my voice: short, friendly, no filler. Answer only what you know from the mail; where you do not know, leave a gap marked [?]. Suggest at most one meeting time from my calendar.',
    ),
    'GPT-4.1': openAi('gpt-4.1', 0.4),
    'My free times': tool('googleCalendar', 1.3, 'Events of the coming days', {
      operation: 'getAll',
      calendar: { __rl: true, mode: 'list', value: '' },
      timeMin: fromAi('from', 'ISO 8601'),
      timeMax: fromAi('to', 'ISO 8601'),
      options: {},
    }),
    'Into drafts': gmailDraft(
      '=Re: {{ $("New mail").item.json.subject }}',
      '={{ $json.output }}',
      '={{ $("New mail").item.json.threadId }}',
    ),
    'Label invoice': gmailLabel('={{ $json.id }}'),
    'Label newsletter': gmailLabel('={{ $json.id }}'),
    'Label later': gmailLabel('={{ $json.id }}'),
  },
  paths: [
    ['New mail', 'Which pile?', 'Write a draft', 'Into drafts'],
    [{ at: 'Which pile?', out: 1 }, 'Label invoice'],
    [{ at: 'Which pile?', out: 2 }, 'Label newsletter'],
    [{ at: 'Which pile?', out: 3 }, 'Label later'],
  ],
  serves: { 'Which pile?': ['Mistral'], 'Write a draft': ['GPT-4.1', 'My free times'] },
});

const descriptions = workflow('Product texts from a spec sheet', {
  nodes: {
    'Every night': dailyAt(2),
    'Rows without text': sheetRows(),
    'Empty ones': base('filter', 2.2, {
      conditions: {
        options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
        combinator: 'and',
        conditions: [
          {
            id: '5f0d2a55-52b4-4f0a-9d0e-5ba5e1a7c001',
            leftValue: '={{ $json.text }}',
            rightValue: '',
            operator: { type: 'string', operation: 'empty', singleValue: true },
          },
        ],
      },
      options: {},
    }),
    'Three at a time': loop(3),
    'Write it': {
      type: '@n8n/n8n-nodes-langchain.chainLlm',
      typeVersion: 1.7,
      parameters: {
        promptType: 'define',
        text: '={{ JSON.stringify($json) }}',
        hasOutputParser: true,
        messages: {
          messageValues: [
            {
              message:
                'Write 80 words from this row of a spec sheet. Use every measure, invent none, no adjective a competitor could use.',
            },
          ],
        },
        batching: {},
      },
    },
    'GPT-4.1 mini': openAi('gpt-4.1-mini', 0.5),
    'Text and title': shaped({ title: 'up to 60 characters', text: '80 words', usedFacts: ['width 40 cm'] }),
    'Nothing invented?': code(
      `const row = JSON.stringify($('Three at a time').item.json).toLowerCase();
const strange = ($json.output.text.match(/\\d+(?:[.,]\\d+)?/g) || []).filter((n) => !row.includes(n));
return { json: { ...$json.output, sku: $('Three at a time').item.json.sku, strange } };`,
      true,
    ),
    'Clean?': when(['={{ $json.strange.length }}', 'number equals', 0]),
    'Into the sheet': sheetUpsert({ sku: '={{ $json.sku }}', title: '={{ $json.title }}', text: '={{ $json.text }}' }),
    'For a person': sheetUpsert({
      sku: '={{ $json.sku }}',
      note: '=figures that are not in the row: {{ $json.strange.join(", ") }}',
    }),
    Breathe: wait(5, 'seconds'),
    'How it went': slack('The texts of tonight are in the sheet.'),
  },
  paths: [
    ['Every night', 'Rows without text', 'Empty ones', 'Three at a time', 'How it went'],
    [
      { at: 'Three at a time', out: 1 },
      'Write it',
      'Nothing invented?',
      'Clean?',
      'Into the sheet',
      'Breathe',
      'Three at a time',
    ],
    [{ at: 'Clean?', out: 1 }, 'For a person', 'Breathe'],
  ],
  serves: { 'Write it': ['GPT-4.1 mini', 'Text and title'] },
});

const webinar = workflow('Webinar certificates', {
  nodes: {
    'Webinar ended': webhook('webinar-ended'),
    'Who stayed': http('={{ $json.body.report_url }}', { signIn: 'httpBearerAuth' }),
    'One each': base('splitOut', 1, { fieldToSplitOut: 'participants', options: {} }),
    'Most of it?': when(['={{ $json.minutes }}', 'number gte', 40]),
    'Once a person': onlyNew('={{ $json.email }}'),
    'The page': base('html', 1.2, {
      html: '<h1>{{ $json.name }}</h1><p>took part in the webinar of {{ $today.toISODate() }}</p>',
    }),
    'As a file': toFile('toText', 'certificate.html'),
    'Send it': email('={{ $json.email }}', 'Your certificate', 'Thank you for staying.'),
    'Send the recording': email('={{ $json.email }}', 'In case you missed the end', 'Here is the recording.'),
  },
  paths: [
    ['Webinar ended', 'Who stayed', 'One each', 'Most of it?', 'Once a person', 'The page', 'As a file', 'Send it'],
    [{ at: 'Most of it?', out: 1 }, 'Send the recording'],
  ],
});

const voice = workflow('Voice mail to ticket', {
  nodes: {
    'Call was missed': webhook('voicemail'),
    'The recording': withErrorOutput(
      http('={{ $json.body.RecordingUrl }}.mp3', { file: true, signIn: 'httpBasicAuth' }),
    ),
    Listen: {
      type: '@n8n/n8n-nodes-langchain.openAi',
      typeVersion: 1.8,
      parameters: { resource: 'audio', operation: 'transcribe', options: {} },
    },
    Ticket: zendeskTicket('={{ $json.text }}', "=Call from {{ $('Call was missed').item.json.body.From }}"),
    'Nothing recorded': nothing(),
  },
  paths: [
    ['Call was missed', 'The recording', 'Listen', 'Ticket'],
    [{ at: 'The recording', out: 1 }, 'Nothing recorded'],
  ],
});

const clinic = workflow('Patient intake summary', {
  nodes: {
    'Form from the practice': webhookAnswered('intake'),
    Summarise: agent(
      '={{ JSON.stringify($json.body) }}',
      'Summarise symptoms, medication and allergies for the doctor.',
    ),
    'GPT-4.1': openAi('gpt-4.1', 0),
    'Back to the practice': respond('json', '={{ JSON.stringify({ summary: $json.output }) }}'),
    'Keep a copy': set({ kept: '={{ $now.toISO() }}' }, true),
  },
  paths: [['Form from the practice', 'Summarise', 'Back to the practice', 'Keep a copy']],
  serves: { Summarise: ['GPT-4.1'] },
});

const vendor = 'mara';
const one = (file: string): Offer['versions'] => [{ version: '1.0.0', file }];

export const maraSupport: readonly Offer[] = [
  {
    ...{ ref: 'support', vendor, category: 'AI agents', price: 4900, team: 14900, versions: one(support) },
    title: 'Shop support agent that knows its limits',
    summary: 'Looks orders up, explains policies, and hands over to a person before it promises anything.',
    description:
      'A chat agent for small shops. It wants order number and e-mail address together before it says a word about an order, quotes your policies from a sheet, and opens a ticket when somebody is upset or it failed twice.\n\nIt cannot give refunds or discounts: no tool of it does that.',
    tags: ['agent', 'support', 'chat', 'zendesk'],
  },
  {
    ...{ ref: 'inbox', vendor, category: 'Productivity', price: 2300, versions: one(inbox) },
    title: 'Inbox in five piles',
    summary: 'Sorts new mail and leaves drafts for what only you can answer, with gaps where it does not know.',
    description:
      'Classifies with a small model, drafts with a large one, and only for mail that needs you. Drafts say [?] where the answer is not in the mail. It never sends anything.',
    tags: ['gmail', 'agent', 'productivity'],
  },
  {
    ...{ ref: 'texts', vendor, category: 'E-commerce', price: 2700, versions: one(descriptions) },
    title: 'Product texts from a spec sheet',
    summary: 'Writes eighty words a product at night and stops every figure that is not in the row.',
    description:
      'Spec sheet in, texts out, three rows at a time. After the model wrote, code compares every number with the row; what was invented goes to a person with the figure named.',
    tags: ['copywriting', 'google-sheets', 'llm'],
  },
  {
    ...{ ref: 'webinar', vendor, category: 'Education', price: 1300, versions: one(webinar) },
    title: 'Webinar certificates',
    summary: 'A certificate for those who stayed forty minutes, the recording for the others.',
    description:
      'Reads the attendance report when the webinar ends and writes to everybody once. The certificate is a plain page that prints well.',
    tags: ['webinar', 'certificates', 'email'],
  },
  {
    ...{ ref: 'voice', vendor, category: 'Support', price: 1500, versions: one(voice) },
    title: 'Voice mail to ticket',
    summary: 'Missed calls become tickets with what was said.',
    description:
      'Takes the recording of a missed call, writes down what was said, opens a ticket. To do: other languages.',
    tags: ['voice', 'tickets'],
  },
  {
    ...{ ref: 'clinic', vendor, category: 'Health', price: 5900, versions: one(clinic) },
    title: 'Patient intake summary',
    summary: 'Summarises intake forms for doctors.',
    description: 'Takes the form of a practice, answers a summary of symptoms, medication and allergies.',
    tags: ['health', 'forms'],
  },
];
