import { base, code, everyHours, nothing, only, retried, wait, when, withErrorOutput } from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  airtableUpsert,
  calendlyTrigger,
  email,
  gmailSend,
  http,
  sheetRows,
  sheetUpsert,
  shopifyTrigger,
  slack,
} from './kit/services.ts';

export const noShow = workflow('No-shows get one more chance', {
  nodes: {
    'Booked or cancelled': calendlyTrigger('invitee.created', 'invitee.canceled'),
    'Booked?': when(['={{ $json.event }}', 'string equals', 'invitee.created']),
    'Until it is over': base('wait', 1.1, {
      resume: 'specificTime',
      dateTime: '={{ DateTime.fromISO($json.payload.scheduled_event.end_time).plus({ minutes: 20 }).toISO() }}',
    }),
    'Was it marked': http('={{ $json.payload.uri }}', { signIn: 'httpBearerAuth' }),
    'Not there?': when(['={{ $json.resource.no_show }}', 'object notEmpty']),
    'One link, no blame': gmailSend(
      '={{ $json.resource.email }}',
      'Shall we try again?',
      '=It happens. Pick another time: {{ $json.resource.reschedule_url }}',
    ),
    'Two days': wait(2, 'days'),
    'Booked anew?': http(
      "=https://api.calendly.com/scheduled_events?invitee_email={{ $('Was it marked').item.json.resource.email }}&status=active",
      { signIn: 'httpBearerAuth' },
    ),
    'Then leave it': airtableUpsert({
      Email: "={{ $('Was it marked').item.json.resource.email }}",
      State: '={{ $json.collection?.length ? "rebooked" : "gone" }}',
    }),
    'They came': nothing(),
    'Free the slot': slack('=A slot is free again: {{ $json.payload.scheduled_event.start_time }}'),
  },
  paths: [
    [
      'Booked or cancelled',
      'Booked?',
      'Until it is over',
      'Was it marked',
      'Not there?',
      'One link, no blame',
      'Two days',
      'Booked anew?',
      'Then leave it',
    ],
    [{ at: 'Not there?', out: 1 }, 'They came'],
    [{ at: 'Booked?', out: 1 }, 'Free the slot'],
  ],
});

export const cart = workflow('Abandoned cart, three nudges', {
  nodes: {
    'Checkout began': shopifyTrigger('checkouts/create'),
    'Agreed to mail?': only(['={{ $json.buyer_accepts_marketing }}', 'boolean true']),
    'An hour': wait(1, 'hours'),
    'Paid by now?': base('shopify', 1, { operation: 'getAll', returnAll: false, limit: 1, options: { fields: 'id' } }),
    'Still open': when(['={{ $json.id }}', 'string empty']),
    'What is in it': email(
      "={{ $('Checkout began').item.json.email }}",
      'You left something',
      '=Your cart: <a href="{{ $(\'Checkout began\').item.json.abandoned_checkout_url }}">here</a>',
    ),
    'A day': wait(1, 'days'),
    'An answer to doubts': email(
      "={{ $('Checkout began').item.json.email }}",
      'Does it fit? Three questions people ask',
      'Returns are free for 30 days.',
    ),
    'Three days': wait(3, 'days'),
    'More than 80?': when(["={{ $('Checkout began').item.json.total_price }}", 'number gt', 80]),
    'Free shipping': email(
      "={{ $('Checkout began').item.json.email }}",
      'We pay the postman',
      'Use the link of this mail until Sunday.',
    ),
    'Let go': nothing(),
    'Bought it': nothing(),
  },
  paths: [
    [
      'Checkout began',
      'Agreed to mail?',
      'An hour',
      'Paid by now?',
      'Still open',
      'What is in it',
      'A day',
      'An answer to doubts',
      'Three days',
      'More than 80?',
      'Free shipping',
    ],
    [{ at: 'Still open', out: 1 }, 'Bought it'],
    [{ at: 'More than 80?', out: 1 }, 'Let go'],
  ],
});

export const competitors = workflow('Competitor prices, twice a day', {
  nodes: {
    'Every twelve hours': everyHours(12),
    'Pages to watch': sheetRows(),
    'Fetch the page': withErrorOutput(retried(http('={{ $json.url }}'))),
    'Price and stock': base('html', 1.2, {
      operation: 'extractHtmlContent',
      extractionValues: {
        values: [
          { key: 'price', cssSelector: "={{ $('Pages to watch').item.json.selector }}" },
          { key: 'stock', cssSelector: '[itemprop=availability]', returnValue: 'attribute', attribute: 'href' },
        ],
      },
      options: { trimValues: true },
    }),
    'As cents': code(
      `const digits = ($json.price || '').replace(/[^0-9.,]/g, '').replace(/[.,](?=\\d{3})/g, '').replace(',', '.');
const cents = Math.round(Number(digits) * 100);
const before = Number($('Pages to watch').item.json.cents || 0);
return { json: { url: $('Pages to watch').item.json.url, cents, before, change: before ? (cents - before) / before : 0 } };`,
      true,
    ),
    'Moved by 3 %?': when(
      ['={{ Math.abs($json.change) }}', 'number gte', 0.03],
      ['={{ $json.cents }}', 'number gt', 0],
    ),
    'Say so': slack('={{ $json.url }} went from {{ $json.before / 100 }} to {{ $json.cents / 100 }}'),
    'Keep the new price': sheetUpsert({
      url: "={{ $('As cents').item.json.url }}",
      cents: "={{ $('As cents').item.json.cents }}",
    }),
    'Page changed its shape': sheetUpsert({
      url: "={{ $('Pages to watch').item.json.url }}",
      note: 'selector finds nothing',
    }),
  },
  paths: [
    [
      'Every twelve hours',
      'Pages to watch',
      'Fetch the page',
      'Price and stock',
      'As cents',
      'Moved by 3 %?',
      'Say so',
      'Keep the new price',
    ],
    [{ at: 'Moved by 3 %?', out: 1 }, 'Keep the new price'],
    [{ at: 'Fetch the page', out: 1 }, 'Page changed its shape'],
  ],
});
