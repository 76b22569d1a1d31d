import { extract, gemini, openAi } from './kit/ai.ts';
import { code, fromFile, respond, route, set, webhookAnswered, when, withErrorOutput } from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  calendarCreate,
  driveDownload,
  driveTrigger,
  email,
  http,
  notionCreate,
  sheetAppend,
  telegram,
  telegramTrigger,
} from './kit/services.ts';

export const receipts = workflow('Receipts by phone', {
  nodes: {
    'Photo arrives': telegramTrigger('message'),
    'Photo or words?': route({
      photo: ['={{ $json.message.photo }}', 'array notEmpty'],
      help: ['={{ $json.message.text }}', 'string equals', '/help'],
    }),
    'Fetch the picture': {
      type: 'n8n-nodes-base.telegram',
      typeVersion: 1.2,
      parameters: { resource: 'file', fileId: '={{ $json.message.photo.at(-1).file_id }}' },
    },
    'Read the receipt': {
      type: '@n8n/n8n-nodes-langchain.googleGemini',
      typeVersion: 1,
      parameters: {
        resource: 'image',
        operation: 'analyze',
        modelId: { __rl: true, mode: 'list', value: 'models/gemini-2.0-flash' },
        text: 'Write down shop, date, total, currency and VAT rate of this receipt, one a line.',
        inputType: 'binary',
        options: {},
      },
    },
    'Name the fields': extract('={{ $json.content.parts[0].text }}', {
      shop: ['string', 'Where it was bought'],
      day: ['date', 'Date on the receipt'],
      total: ['number', 'Total paid'],
      currency: ['string', 'ISO 4217 code'],
    }),
    Gemini: gemini(),
    'Into the expense sheet': sheetAppend({
      Day: '={{ $json.output.day }}',
      Shop: '={{ $json.output.shop }}',
      Total: '={{ $json.output.total }}',
      Currency: '={{ $json.output.currency }}',
      Who: "={{ $('Photo arrives').item.json.message.from.first_name }}",
    }),
    'Say what was noted': telegram(
      "={{ $('Photo arrives').item.json.message.chat.id }}",
      '=Noted: {{ $json.Shop }}, {{ $json.Total }} {{ $json.Currency }}. Reply with the right total if I misread it.',
    ),
    Explain: telegram('={{ $json.message.chat.id }}', 'Send one photo for each receipt, flat and in good light.'),
    'Ask for a photo': telegram('={{ $json.message.chat.id }}', 'I can only read photos. /help tells more.'),
  },
  paths: [
    [
      'Photo arrives',
      'Photo or words?',
      'Fetch the picture',
      'Read the receipt',
      'Name the fields',
      'Into the expense sheet',
      'Say what was noted',
    ],
    [{ at: 'Photo or words?', out: 1 }, 'Explain'],
    [{ at: 'Photo or words?', out: 2 }, 'Ask for a photo'],
  ],
  serves: { 'Name the fields': ['Gemini'] },
});

export const contracts = workflow('Contract end dates', {
  nodes: {
    'Contract is filed': driveTrigger('fileCreated'),
    'Fetch it': driveDownload('={{ $json.id }}'),
    'Read it': fromFile('pdf'),
    'Find the dates': extract('={{ $json.text.slice(0, 30000) }}', {
      partner: ['string', 'The other party'],
      endsOn: ['date', 'Last day of the contract, empty when it runs on'],
      noticeDays: ['number', 'Days of notice before the end'],
      renewsFor: ['string', 'Period by which it prolongs itself'],
    }),
    'Careful model': openAi('gpt-4.1', 0),
    'Last day to give notice': code(
      `const { endsOn, noticeDays } = $json.output;
if (!endsOn) return { json: { ...$json.output, decideBy: null } };
const day = DateTime.fromISO(endsOn).minus({ days: (noticeDays || 0) + 14 });
return { json: { ...$json.output, decideBy: day.toISODate() } };`,
      true,
    ),
    'Has it an end?': when(['={{ $json.decideBy }}', 'string notEmpty']),
    'Reminder in the calendar': calendarCreate(
      '={{ $json.decideBy }}T09:00:00',
      '={{ $json.decideBy }}T09:30:00',
      '=Decide: contract with {{ $json.partner }}',
    ),
    'Into the register': notionCreate("={{ $('Last day to give notice').item.json.partner }}", {
      Ends: "={{ $('Last day to give notice').item.json.endsOn }}",
      Renews: "={{ $('Last day to give notice').item.json.renewsFor }}",
    }),
    'A person has to look': email(
      '={{ $env.CONTRACTS_MAIL }}',
      '=No end date found: {{ $json.partner }}',
      'The contract names no end, or it was not found. It is in the folder, not in the register.',
    ),
  },
  paths: [
    [
      'Contract is filed',
      'Fetch it',
      'Read it',
      'Find the dates',
      'Last day to give notice',
      'Has it an end?',
      'Reminder in the calendar',
      'Into the register',
    ],
    [{ at: 'Has it an end?', out: 1 }, 'A person has to look'],
  ],
  serves: { 'Find the dates': ['Careful model'] },
  notes: [
    {
      text: '**Two weeks to think.** The reminder is two weeks before the last day of notice. Change 14 in the code if you decide faster.',
      behind: ['Last day to give notice'],
      color: 3,
    },
  ],
});

export const vat = workflow('VAT number check as an API', {
  nodes: {
    'Number comes in': webhookAnswered('vat-check'),
    'Tidy it up': set({
      country: "={{ ($json.body.vatId ?? '').replace(/[^A-Za-z0-9]/g, '').slice(0, 2).toUpperCase() }}",
      number: "={{ ($json.body.vatId ?? '').replace(/[^A-Za-z0-9]/g, '').slice(2) }}",
    }),
    'Looks like one?': when(
      ['={{ $json.country }}', 'string regex', '^[A-Z]{2}$'],
      ['={{ $json.number.length }}', 'number gte', 7],
    ),
    'Ask VIES': {
      ...withErrorOutput(
        http(
          'https://ec.europa.eu/taxation_customs/vies/rest-api/ms/{{ $json.country }}/vat/{{ $json.number }}'.replace(
            /^/,
            '=',
          ),
        ),
      ),
      retryOnFail: true,
      maxTries: 3,
    },
    'Answer the caller': respond(
      'json',
      '={{ JSON.stringify({ valid: $json.isValid, name: $json.name, address: $json.address, asked: $now.toISO() }) }}',
    ),
    'Say it is malformed': respond('json', '{ "valid": false, "reason": "malformed" }', 400),
    'Say that VIES is down': respond('json', '{ "valid": null, "reason": "registry unavailable" }', 503),
  },
  paths: [
    ['Number comes in', 'Tidy it up', 'Looks like one?', 'Ask VIES', 'Answer the caller'],
    [{ at: 'Looks like one?', out: 1 }, 'Say it is malformed'],
    [{ at: 'Ask VIES', out: 1 }, 'Say that VIES is down'],
  ],
});
