import { extract, openAi } from './kit/ai.ts';
import {
  code,
  formTrigger,
  fromFile,
  hash,
  onlyNew,
  schedule,
  splitOut,
  stop,
  wait,
  when,
  withErrorOutput,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  driveUpload,
  email,
  gmailLabel,
  gmailTrigger,
  http,
  notionCreate,
  sheetAppend,
  sheetFind,
  slack,
} from './kit/services.ts';
import { contracts, receipts, vat } from './kontor-documents-workflows.ts';
import type { Offer } from './offer.ts';

const invoiceFields = {
  supplier: ['string', 'Name of the company that sent the invoice'],
  invoiceNumber: ['string', 'The number of the invoice, exactly as printed'],
  issuedOn: ['date', 'Date of the invoice'],
  dueOn: ['date', 'Date by which it has to be paid'],
  net: ['number', 'Net amount'],
  tax: ['number', 'Tax amount'],
  gross: ['number', 'Amount to pay'],
  iban: ['string', 'IBAN of the supplier'],
} as const;

const checkTotals = `const o = $json.output;
const cents = (n) => Math.round(Number(n) * 100);
const adds = cents(o.net) + cents(o.tax) === cents(o.gross);
const missing = ['supplier', 'invoiceNumber', 'gross'].filter((f) => !o[f]);
return { json: { ...o, problem: missing.length ? 'missing ' + missing.join(', ') : adds ? '' : 'net and tax do not make the total' } };`;

const invoices = (checked: boolean): string =>
  workflow('Invoice mailbox to ledger', {
    timezone: 'Europe/Berlin',
    nodes: {
      'New mail with an attachment': gmailTrigger('has:attachment filename:pdf label:invoices', true),
      'Read the PDF': withErrorOutput(fromFile('pdf', { binaryPropertyName: 'attachment_0' })),
      'Take the facts out': extract('={{ $json.text }}', invoiceFields),
      'Small model': openAi('gpt-4.1-mini', 0),
      'Check the sums': code(checkTotals, true),
      'Is something wrong?': when(['={{ $json.problem }}', 'string notEmpty']),
      'Ask bookkeeping': slack('=Invoice of {{ $json.supplier }} needs a look: {{ $json.problem }}'),
      'Same number seen before': sheetFind('Invoice', '={{ $json.invoiceNumber }}'),
      'Already booked?': when(['={{ $json.row_number }}', 'number exists']),
      'Label as duplicate': gmailLabel("={{ $('New mail with an attachment').item.json.id }}"),
      'Add to the ledger': sheetAppend({
        Invoice: "={{ $('Check the sums').item.json.invoiceNumber }}",
        Supplier: "={{ $('Check the sums').item.json.supplier }}",
        Issued: "={{ $('Check the sums').item.json.issuedOn }}",
        Due: "={{ $('Check the sums').item.json.dueOn }}",
        Gross: "={{ $('Check the sums').item.json.gross }}",
      }),
      'File the PDF': driveUpload(
        "={{ $('Check the sums').item.json.issuedOn }} {{ $('Check the sums').item.json.supplier }}.pdf",
      ),
      'Not a readable PDF': slack(
        "=No text in an attachment of {{ $json.from?.text ?? 'an unknown sender' }}, scanned?",
      ),
    },
    paths: [
      [
        'New mail with an attachment',
        'Read the PDF',
        'Take the facts out',
        'Check the sums',
        'Is something wrong?',
        'Ask bookkeeping',
      ],
      ...(checked
        ? ([
            [{ at: 'Is something wrong?', out: 1 }, 'Same number seen before', 'Already booked?', 'Label as duplicate'],
            [{ at: 'Already booked?', out: 1 }, 'Add to the ledger', 'File the PDF'],
          ] as const)
        : ([
            [{ at: 'Is something wrong?', out: 1 }, 'Add to the ledger', 'File the PDF'],
            ['File the PDF', 'Same number seen before', 'Already booked?', 'Label as duplicate'],
          ] as const)),
      [{ at: 'Read the PDF', out: 1 }, 'Not a readable PDF'],
    ],
    serves: { 'Take the facts out': ['Small model'] },
    notes: [
      {
        text: '## From mail to text\nWatches a label, not the whole inbox. Scans without text go to bookkeeping by the lower path.',
        behind: ['New mail with an attachment', 'Read the PDF'],
        color: 5,
      },
      {
        text: '## Nothing is booked twice\nThe invoice number is looked up first. Change the column name here if your sheet calls it otherwise.',
        behind: ['Same number seen before', 'Already booked?', 'Label as duplicate'],
        color: 4,
      },
    ],
  });

const suppliers = workflow('Supplier onboarding file', {
  nodes: {
    'Supplier fills in': formTrigger('Become a supplier', 'Takes three minutes. Have your VAT number at hand.', [
      { fieldLabel: 'Company' },
      { fieldLabel: 'VAT number' },
      { fieldLabel: 'IBAN' },
      { fieldLabel: 'Contact', fieldType: 'email' },
      { fieldLabel: 'What you deliver', fieldType: 'textarea', optional: true },
    ]),
    'Check the IBAN': code(
      `const iban = $json.IBAN.replace(/\\s/g, '').toUpperCase();
const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (c) => String(c.charCodeAt(0) - 55));
let rest = 0;
for (const d of digits) rest = (rest * 10 + Number(d)) % 97;
return { json: { ...$json, iban, ibanOk: rest === 1 } };`,
      true,
    ),
    'IBAN is right?': when(['={{ $json.ibanOk }}', 'boolean true']),
    'Ask for the right one': email(
      '={{ $json.Contact }}',
      'Your IBAN has a typing error',
      'The check digits of the IBAN you sent do not fit. Fill in the form again, nothing was stored.',
    ),
    Fingerprint: hash('={{ $json["VAT number"] }}{{ $json.iban }}', 'fingerprint'),
    'Not the same twice': onlyNew('={{ $json.fingerprint }}'),
    'Open a file': notionCreate('={{ $json.Company }}', {
      VAT: '={{ $json["VAT number"] }}',
      Delivers: '={{ $json["What you deliver"] }}',
    }),
    'Tell purchasing': slack('=New supplier to approve: {{ $("Check the IBAN").item.json.Company }}'),
  },
  paths: [
    [
      'Supplier fills in',
      'Check the IBAN',
      'IBAN is right?',
      'Fingerprint',
      'Not the same twice',
      'Open a file',
      'Tell purchasing',
    ],
    [{ at: 'IBAN is right?', out: 1 }, 'Ask for the right one'],
  ],
});

const retention = workflow('Retention calendar for scanned files', {
  nodes: {
    'First of the month': schedule({ field: 'months', triggerAtDayOfMonth: 1, triggerAtHour: 6 }),
    'Files and their classes': http('={{ $env.ARCHIVE_URL }}/documents', {
      query: { expired: 'true' },
      signIn: 'httpBearerAuth',
    }),
    'One by one': splitOut('documents'),
    'Under a hold?': when(['={{ $json.legalHold }}', 'boolean true']),
    'Leave it': slack('=Kept under hold: {{ $json.name }}'),
    'Warn the owner': email('={{ $json.owner }}', '=Deleted in 7 days: {{ $json.name }}', 'Answer to keep it.'),
    'A week': wait(7, 'days'),
    'Delete it': withErrorOutput(
      http('={{ $env.ARCHIVE_URL }}/documents/{{ $json.id }}', { method: 'DELETE', signIn: 'httpBearerAuth' }),
    ),
    'Could not delete': stop('=The archive refused to delete {{ $json.id }}'),
  },
  paths: [
    ['First of the month', 'Files and their classes', 'One by one', 'Under a hold?', 'Leave it'],
    [{ at: 'Under a hold?', out: 1 }, 'Warn the owner', 'A week', 'Delete it'],
    [{ at: 'Delete it', out: 1 }, 'Could not delete'],
  ],
});

export const kontorDocuments: readonly Offer[] = [
  {
    ref: 'invoices',
    vendor: 'kontor',
    title: 'Invoice mailbox to ledger',
    summary: 'Reads supplier invoices from a mail label, checks the sums and books each one once.',
    description:
      'Supplier invoices arrive as PDF attachments; this workflow takes supplier, number, dates and amounts out of them, checks that net and tax make the total, and adds one row to your ledger sheet. A number that is in the sheet already is labelled as a duplicate and not booked again.\n\nWhat needs a person goes to a Slack channel with the reason: sums that do not fit, missing fields, scans without text. Nothing is guessed into your books.\n\nYou need Gmail, Google Sheets, Google Drive, Slack and an OpenAI key. About a tenth of a cent an invoice with the small model.',
    category: 'Finance',
    tags: ['invoices', 'bookkeeping', 'pdf', 'extraction'],
    price: 3900,
    team: 11900,
    versions: [
      { version: '1.0.0', notes: 'First release.', file: invoices(false) },
      {
        version: '1.1.0',
        notes:
          'Looks the invoice number up before it books: a mail that was forwarded twice is booked once. Scans without text no longer stop the run.',
        file: invoices(true),
      },
    ],
  },
  {
    ref: 'receipts',
    vendor: 'kontor',
    title: 'Receipts by phone',
    summary: 'Photograph a receipt in Telegram, find it in the expense sheet a few seconds later.',
    description:
      'For small teams that still collect paper. Send a photo to your own bot; shop, date, total and currency land in a sheet with the name of the sender, and the bot says what it understood so that a misreading is seen at once.\n\nWorks with crumpled and long receipts. Handwriting is hit and miss.',
    category: 'Finance',
    tags: ['expenses', 'telegram', 'ocr'],
    price: 1900,
    versions: [{ version: '1.0.0', file: receipts }],
  },
  {
    ref: 'contracts',
    vendor: 'kontor',
    title: 'Contract end dates, never missed',
    summary: 'Finds end and notice period in filed contracts and puts the last sensible day into your calendar.',
    description:
      'Drop a signed contract into a Drive folder. The workflow reads partner, end, notice period and renewal, computes the last day on which you can still decide calmly, and makes a calendar entry and a line in your Notion register.\n\nContracts without a readable end are sent to a person, never skipped silently. Tested on German and English contracts of up to 60 pages.',
    category: 'Legal',
    tags: ['contracts', 'calendar', 'extraction'],
    price: 4900,
    team: 14900,
    versions: [{ version: '1.0.0', file: contracts }],
  },
  {
    ref: 'vat',
    vendor: 'kontor',
    title: 'VAT number check as an API',
    summary: 'A webhook that validates EU VAT numbers against VIES, with clear answers when the registry is down.',
    description:
      'Call it from a shop, a form or a spreadsheet: it normalises the number, asks the registry of the EU up to three times, and answers valid, malformed or unavailable with the fitting status. The answer carries the time of the question, which auditors like.\n\nFree, because everybody should have it.',
    category: 'Finance',
    tags: ['vat', 'api', 'webhook', 'compliance'],
    price: 0,
    versions: [{ version: '1.0.0', file: vat }],
  },
  {
    ref: 'suppliers',
    vendor: 'kontor',
    title: 'Supplier onboarding file',
    summary: 'A form for new suppliers that checks the IBAN before anybody types it again.',
    description:
      'Suppliers fill in one form. The IBAN is checked by its digits, the same supplier is not filed twice, and purchasing gets a message with everything that is needed to say yes.\n\nStores nothing when the IBAN is wrong; the supplier is asked for the right one.',
    category: 'Operations',
    tags: ['forms', 'suppliers', 'iban'],
    price: 2400,
    versions: [{ version: '1.0.0', file: suppliers }],
  },
  {
    ref: 'retention',
    vendor: 'kontor',
    title: 'Retention calendar for scanned files',
    summary: 'Deletes documents when their retention ends, after warning the owner, never under a legal hold.',
    description:
      'Asks your archive once a month for what is past its retention, warns the owner by mail, waits a week and deletes. Files under a hold are named and left alone. A refusal of the archive stops the run loudly.\n\nNeeds an archive with an HTTP API.',
    category: 'Legal',
    tags: ['gdpr', 'retention', 'archive'],
    price: 5900,
    versions: [{ version: '0.9.0', notes: 'For review.', file: retention }],
  },
];
