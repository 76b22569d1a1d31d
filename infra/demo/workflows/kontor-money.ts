import { ask, openAi } from './kit/ai.ts';
import {
  append,
  base,
  calledWith,
  code,
  compare,
  cron,
  formTrigger,
  fromFile,
  gather,
  loop,
  nothing,
  once,
  only,
  retried,
  route,
  schedule,
  set,
  splitOut,
  stop,
  summarize,
  toFile,
  toHtml,
  wait,
  weeklyOn,
  when,
  withErrorOutput,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  driveDownload,
  driveTrigger,
  driveUpload,
  email,
  gmailSend,
  http,
  postgresInsert,
  postgresQuery,
  sheetAppend,
  slack,
  todoist,
} from './kit/services.ts';
import type { Offer } from './offer.ts';

const dunning = workflow('Dunning in three steps', {
  timezone: 'Europe/Berlin',
  nodes: {
    'Workdays at eight': cron('0 8 * * 1-5'),
    'Open and overdue': postgresQuery(
      'select id, number, customer, email, language, amount, due_on, current_date - due_on as days, reminded\nfrom invoices where paid_at is null and due_on < current_date and not on_hold',
    ),
    'Which step?': route({
      reminder: ['={{ $json.days >= 7 && $json.reminded === 0 }}', 'boolean true'],
      'second reminder': ['={{ $json.days >= 21 && $json.reminded === 1 }}', 'boolean true'],
      'last call': ['={{ $json.days >= 35 && $json.reminded === 2 }}', 'boolean true'],
    }),
    'Friendly words': set({ subject: '=Invoice {{ $json.number }}: perhaps it got lost?', step: 1 }, true),
    'Clear words': set({ subject: '=Invoice {{ $json.number }} is {{ $json.days }} days overdue', step: 2 }, true),
    'Last words': set({ subject: '=Last call for invoice {{ $json.number }}', step: 3 }, true),
    'All letters': append(3),
    'Two a minute': loop(2),
    'Send the letter': withErrorOutput(
      email('={{ $json.email }}', '={{ $json.subject }}', '=<p>{{ $json.amount }} were due on {{ $json.due_on }}.</p>'),
    ),
    'Note the step': postgresQuery(
      'update invoices set reminded = $1, reminded_at = now() where id = $2',
      "={{ $('Two a minute').item.json.step }},{{ $('Two a minute').item.json.id }}",
    ),
    'A minute': wait(1, 'minutes'),
    'Address refused': slack("=No mail to {{ $('Two a minute').item.json.customer }}: {{ $json.error }}"),
    'Sum it up': slack("={{ $('All letters').all().length }} letters went out today."),
  },
  paths: [
    ['Workdays at eight', 'Open and overdue', 'Which step?', 'Friendly words', 'All letters', 'Two a minute'],
    [{ at: 'Which step?', out: 1 }, 'Clear words', { at: 'All letters', in: 1 }],
    [{ at: 'Which step?', out: 2 }, 'Last words', { at: 'All letters', in: 2 }],
    [{ at: 'Two a minute', out: 1 }, 'Send the letter', 'Note the step', 'A minute', 'Two a minute'],
    [{ at: 'Send the letter', out: 1 }, 'Address refused', 'Two a minute'],
    ['Two a minute', 'Sum it up'],
  ],
  notes: [
    {
      text: '## Three letters, three tones\nEdit the subjects here. The days are in the switch: 7, 21, 35.',
      behind: ['Friendly words', 'Clear words', 'Last words'],
      color: 2,
    },
  ],
});

const reconcile = workflow('Card payouts against the bank', {
  nodes: {
    'Bank export is dropped': driveTrigger('fileCreated'),
    'Fetch the export': driveDownload('={{ $json.id }}'),
    'Rows of the bank': fromFile('csv', { options: { delimiter: ';' } }),
    'Only the provider': only(['={{ $json.Purpose }}', 'string contains', 'STRIPE']),
    'Reference and cents': code(
      `const cents = (s) => Math.round(Number(s.replace(/\\./g, '').replace(',', '.')) * 100);
return $input.all().map(({ json }) => ({ json: { ref: (json.Purpose.match(/po_\\w+/) || [''])[0], cents: cents(json.Amount) } }));`,
    ),
    'Payouts of 60 days': {
      ...retried(
        base('httpRequest', 4.2, {
          url: 'https://api.stripe.com/v1/payouts',
          authentication: 'predefinedCredentialType',
          nodeCredentialType: 'stripeApi',
          sendQuery: true,
          queryParameters: { parameters: [{ name: 'limit', value: '100' }] },
          options: {},
        }),
      ),
      executeOnce: true,
    },
    'Each payout': splitOut('data'),
    'Same shape': set({ ref: '={{ $json.id }}', cents: '={{ $json.amount }}', arrived: '={{ $json.arrival_date }}' }),
    'Match them': compare('ref'),
    'On the way still?': when(['={{ DateTime.fromSeconds($json.arrived) > $now.minus({ days: 3 }) }}', 'boolean true']),
    'Fine for now': nothing(),
    'Missing at the bank': sheetAppend({
      Reference: '={{ $json.ref }}',
      Cents: '={{ $json.cents }}',
      Problem: 'not at the bank',
    }),
    'Amounts differ': sheetAppend({ Reference: '={{ $json.keys.ref }}', Problem: 'amounts differ' }),
    'Unknown money': sheetAppend({
      Reference: '={{ $json.ref }}',
      Cents: '={{ $json.cents }}',
      Problem: 'no such payout',
    }),
  },
  paths: [
    [
      'Bank export is dropped',
      'Fetch the export',
      'Rows of the bank',
      'Only the provider',
      'Reference and cents',
      'Match them',
    ],
    ['Bank export is dropped', 'Payouts of 60 days', 'Each payout', 'Same shape', { at: 'Match them', in: 1 }],
    [{ at: 'Match them', out: 0 }, 'Unknown money'],
    [{ at: 'Match them', out: 2 }, 'Amounts differ'],
    [{ at: 'Match them', out: 3 }, 'On the way still?', 'Fine for now'],
    [{ at: 'On the way still?', out: 1 }, 'Missing at the bank'],
  ],
});

const rates = workflow('ECB rates every afternoon', {
  timezone: 'Europe/Berlin',
  nodes: {
    'After the publication': cron('15 16 * * 1-5'),
    'Reference rates': retried(http('https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml')),
    'From XML': base('xml', 1, { options: {} }),
    'A row for each currency': code(
      `const day = $json['gesmes:Envelope'].Cube.Cube;
return day.Cube.map(({ currency, rate }) => ({ json: { day: day.time, currency, rate: Number(rate) } }));`,
    ),
    'Published today?': when(['={{ $json.day }}', 'string equals', '={{ $today.toISODate() }}']),
    'Into the table': postgresInsert('exchange_rates', {
      day: '={{ $json.day }}',
      currency: '={{ $json.currency }}',
      rate: '={{ $json.rate }}',
    }),
    'Holiday: copy yesterday': once(
      postgresQuery(
        'insert into exchange_rates select current_date, currency, rate from exchange_rates where day = (select max(day) from exchange_rates)',
      ),
    ),
  },
  paths: [
    [
      'After the publication',
      'Reference rates',
      'From XML',
      'A row for each currency',
      'Published today?',
      'Into the table',
    ],
    [{ at: 'Published today?', out: 1 }, 'Holiday: copy yesterday'],
  ],
});

const monthEnd = workflow('Month-end close, as tasks', {
  nodes: {
    'Second workday': schedule({ field: 'months', triggerAtDayOfMonth: 2, triggerAtHour: 7 }),
    'The list': code(
      `const month = $now.minus({ months: 1 }).toFormat('MMMM yyyy');
const steps = [['Bank statements complete', 1], ['Card payouts reconciled', 2], ['Accruals booked', 3], ['VAT return prepared', 5], ['Figures to the board', 8]];
return steps.map(([title, days]) => ({ json: { title: title + ' ' + month, due: $now.plus({ days }).toISODate() } }));`,
    ),
    'Make the tasks': todoist('={{ $json.title }}', { dueDateTime: '={{ $json.due }}T09:00:00' }),
    'Say it begins': once(slack('The books of last month are being closed. The list is in Todoist.')),
    'Eight days': wait(8, 'days'),
    'What is still open': base('todoist', 2.1, { operation: 'getAll', returnAll: true, filters: {} }),
    'Anything open?': when(['={{ $json.id }}', 'string notEmpty']),
    'Name it': slack('=Still open: {{ $json.content }}'),
    'All done': nothing(),
  },
  paths: [
    [
      'Second workday',
      'The list',
      'Make the tasks',
      'Say it begins',
      'Eight days',
      'What is still open',
      'Anything open?',
      'Name it',
    ],
    [{ at: 'Anything open?', out: 1 }, 'All done'],
  ],
});

const expenses = workflow('Travel expenses with one approval', {
  nodes: {
    'Someone was away': formTrigger('Travel expenses', 'One form for each trip.', [
      { fieldLabel: 'Name' },
      { fieldLabel: 'From', fieldType: 'date' },
      { fieldLabel: 'To', fieldType: 'date' },
      { fieldLabel: 'Costs in EUR', fieldType: 'number' },
      { fieldLabel: 'Receipts', fieldType: 'file' },
    ]),
    'Add the allowance': code(
      `const days = Math.round((new Date($json.To) - new Date($json.From)) / 864e5) + 1;
const allowance = days === 1 ? 14 : 14 * 2 + 28 * (days - 2);
return { json: { ...$json, days, allowance, total: Number($json['Costs in EUR']) + allowance }, binary: $input.item.binary };`,
      true,
    ),
    'More than 500?': when(['={{ $json.total }}', 'number gt', 500]),
    'Ask the lead': base('slack', 2.2, {
      operation: 'sendAndWait',
      select: 'channel',
      channelId: { __rl: true, mode: 'list', value: '' },
      message: '={{ $json.Name }}: {{ $json.total }} EUR for {{ $json.days }} days',
      approvalOptions: { values: { approvalType: 'double' } },
      options: {},
    }),
    'Approved?': when(['={{ $json.data.approved }}', 'boolean true']),
    'To payroll': sheetAppend({
      Name: "={{ $('Add the allowance').item.json.Name }}",
      Total: "={{ $('Add the allowance').item.json.total }}",
    }),
    'Keep the receipts': driveUpload("={{ $('Add the allowance').item.json.Name }} {{ $now.toISODate() }}"),
    'Talk about it': slack("=Not approved: {{ $('Add the allowance').item.json.Name }}, talk to each other."),
  },
  paths: [
    [
      'Someone was away',
      'Add the allowance',
      'More than 500?',
      'Ask the lead',
      'Approved?',
      'To payroll',
      'Keep the receipts',
    ],
    [{ at: 'More than 500?', out: 1 }, 'To payroll'],
    [{ at: 'Approved?', out: 1 }, 'Talk about it'],
  ],
});

const letter = workflow('The board letter, every Monday', {
  nodes: {
    'Monday at six': weeklyOn(1, 6),
    'Figures of the week': postgresQuery(
      "select date_trunc('week', paid_at)::date as week, product, sum(amount) as revenue, count(*) as orders\nfrom orders where paid_at > now() - interval '9 weeks' group by 1, 2 order by 1",
    ),
    'By week': summarize('week', ['sum', 'revenue'], ['sum', 'orders']),
    'One item': gather('weeks'),
    'Compare with the median': code(
      `const weeks = $json.weeks.map((w) => w.sum_revenue);
const now = weeks.at(-2);
const rest = weeks.slice(0, -2).sort((a, b) => a - b);
const median = rest[Math.floor(rest.length / 2)] || 0;
return { json: { now, median, change: median ? Math.round((100 * (now - median)) / median) : null, weeks: $json.weeks } };`,
      true,
    ),
    'Write the letter': ask(
      '={{ JSON.stringify($json) }}',
      'Write a letter of at most 180 words to the board of a small company. State revenue, its change against the median of eight weeks, and the one thing worth asking about. No adjectives, no forecasts, no figure that is not in the data.',
    ),
    'GPT-4.1': openAi('gpt-4.1', 0.3),
    'As a page': toHtml('={{ $json.text }}'),
    'A person sends it': gmailSend('={{ $env.CFO_MAIL }}', '=Draft: week {{ $now.weekNumber }}', '={{ $json.data }}'),
  },
  paths: [
    [
      'Monday at six',
      'Figures of the week',
      'By week',
      'One item',
      'Compare with the median',
      'Write the letter',
      'As a page',
      'A person sends it',
    ],
  ],
  serves: { 'Write the letter': ['GPT-4.1'] },
  notes: [
    {
      text: '**The model only writes.** Every figure is computed before; the prompt forbids others. It goes to one person, not to the board.',
      behind: ['Compare with the median', 'Write the letter'],
      color: 5,
    },
  ],
});

const sepa = workflow('SEPA batch, checked before the bank does', {
  nodes: {
    'Called with a batch': calledWith('payments', 'executeOn'),
    'Each payment': splitOut('payments'),
    'Check digits and limits': code(
      `const digits = (s) => (s.slice(4) + s.slice(0, 4)).replace(/[A-Z]/g, (c) => c.charCodeAt(0) - 55);
const ok = (iban) => [...digits(iban)].reduce((r, d) => (r * 10 + Number(d)) % 97, 0) === 1;
const p = $json;
const problem = !ok(p.iban.replace(/\\s/g, '')) ? 'IBAN' : p.cents <= 0 || p.cents > 10000000 ? 'amount' : p.name.length > 70 ? 'name' : '';
return { json: { ...p, problem } };`,
      true,
    ),
    'Any problem?': when(['={{ $json.problem }}', 'string notEmpty']),
    'Refuse the batch': stop('=Payment to {{ $json.name }}: {{ $json.problem }} is wrong, nothing was written'),
    'All in one': gather('payments'),
    'Write pain.001': code(
      `const sum = $json.payments.reduce((s, p) => s + p.cents, 0);
const rows = $json.payments.map((p) => '<CdtTrfTxInf><Amt><InstdAmt Ccy="EUR">' + (p.cents / 100).toFixed(2) + '</InstdAmt></Amt></CdtTrfTxInf>');
return { json: { xml: '<Document><CstmrCdtTrfInitn><GrpHdr><CtrlSum>' + (sum / 100).toFixed(2) + '</CtrlSum></GrpHdr>' + rows.join('') + '</CstmrCdtTrfInitn></Document>' } };`,
      true,
    ),
    'As a file': toFile('toText', 'batch.xml'),
    'To the bank folder': driveUpload('=SEPA {{ $now.toISODate() }}.xml'),
  },
  paths: [
    ['Called with a batch', 'Each payment', 'Check digits and limits', 'Any problem?', 'Refuse the batch'],
    [{ at: 'Any problem?', out: 1 }, 'All in one', 'Write pain.001', 'As a file', 'To the bank folder'],
  ],
});

const vendor = 'kontor';
const one = (file: string): Offer['versions'] => [{ version: '1.0.0', file }];

export const kontorMoney: readonly Offer[] = [
  {
    ...{ ref: 'dunning', vendor, category: 'Finance', price: 2900, team: 8900, versions: one(dunning) },
    title: 'Dunning in three steps',
    summary: 'Three letters in three tones, each sent once, never to a customer on hold.',
    description:
      'Reads open invoices from any SQL database, decides by days overdue and by what was sent before, and writes at most two letters a minute so that your mail server stays friends with the world.\n\nRefused addresses go to Slack, every letter is noted beside the invoice, and a customer on hold is left in peace.',
    tags: ['invoices', 'reminders', 'postgres'],
  },
  {
    ...{ ref: 'reconcile', vendor, category: 'Finance', price: 4400, versions: one(reconcile) },
    title: 'Card payouts against the bank',
    summary: 'Drop the bank export into a folder; what does not match the payouts of Stripe is listed with the reason.',
    description:
      'Compares references and cents, not dates and feelings. Four outcomes: matched, on the way, amounts differ, unknown money; only what needs you ends in the sheet.\n\nReads CSV exports with semicolons and German numbers; one line of code to change for others.',
    tags: ['bank', 'reconciliation', 'stripe'],
  },
  {
    ...{ ref: 'rates', vendor, category: 'Finance', price: 700, versions: one(rates) },
    title: 'ECB rates every afternoon',
    summary: 'The euro reference rates in your own table, with holidays filled.',
    description:
      'Fetches the reference rates after they are published, writes one row a currency and copies the last day on holidays, so that no report has a gap. Small, dull, useful.',
    tags: ['exchange-rates', 'postgres', 'schedule'],
  },
  {
    ...{ ref: 'month-end', vendor, category: 'Operations', price: 1500, versions: one(monthEnd) },
    title: 'Month-end close, as tasks',
    summary: 'Puts the closing list into Todoist with due dates and names what is still open after eight days.',
    description:
      'A closing list that nobody has to remember. Five steps to begin with; add yours in one place. After eight days it says in Slack what is still open, and is silent when nothing is.',
    tags: ['closing', 'tasks', 'todoist'],
  },
  {
    ...{ ref: 'expenses', vendor, category: 'Operations', price: 2200, versions: one(expenses) },
    title: 'Travel expenses with one approval',
    summary: 'A form, the allowance computed, one question in Slack above 500 euros, a row for payroll.',
    description:
      'Employees fill in one form a trip and attach receipts. German meal allowances are added by the day. Up to 500 euros go straight to payroll; above, the lead answers two buttons in Slack and the run waits for it.',
    tags: ['expenses', 'approval', 'forms', 'slack'],
  },
  {
    ...{ ref: 'board-letter', vendor, category: 'Analytics', price: 3400, versions: one(letter) },
    title: 'The board letter, every Monday',
    summary: 'Revenue of the week against the median of eight, in 180 words that state only what the data holds.',
    description:
      'Figures come from SQL and are compared in code; the model writes, and may not add a number. The draft goes to one person who sends it.\n\nThe prompt is the product of some forty Mondays.',
    tags: ['reporting', 'kpi', 'llm'],
  },
  {
    ...{ ref: 'sepa', vendor, category: 'Finance', price: 6900, versions: one(sepa) },
    title: 'SEPA batch, checked before the bank does',
    summary: 'Checks IBANs, amounts and names of a batch and writes the file, or refuses the whole batch.',
    description:
      'A sub-workflow: call it with payments, get a file in the bank folder or an error that names payment and reason. All or nothing, so that a half batch never goes out.',
    tags: ['sepa', 'payments', 'sub-workflow'],
  },
];
