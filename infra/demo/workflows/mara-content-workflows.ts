import { ask, gemini, openAi, shaped, summary } from './kit/ai.ts';
import {
  base,
  code,
  cron,
  dailyAt,
  fromHtml,
  loop,
  retried,
  set,
  splitOut,
  toHtml,
  wait,
  when,
  withErrorOutput,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import { driveDownload, driveTrigger, http, notionPages, sheetUpsert, slack, wordpressDraft } from './kit/services.ts';

const chosen = { __rl: true, mode: 'list', value: '' };

export const podcast = workflow('Podcast to show notes', {
  nodes: {
    'Episode uploaded': driveTrigger('fileCreated'),
    'Fetch the audio': driveDownload('={{ $json.id }}'),
    Transcribe: {
      type: '@n8n/n8n-nodes-langchain.openAi',
      typeVersion: 1.8,
      parameters: { resource: 'audio', operation: 'transcribe', options: { temperature: 0 } },
    },
    'Long episode?': when(['={{ $json.text.length }}', 'number gt', 60000]),
    'Summarise in parts': summary(),
    'Model for parts': openAi('gpt-4.1-mini', 0.2),
    'Whole text': set({ text: '={{ $json.text }}' }),
    'Show notes': ask(
      '={{ $json.text ?? $json.output.text }}',
      'Write show notes: a hook of one sentence, five takeaways, every person and thing mentioned, and three quotes word for word. Mark a quote you are not sure about with [check].',
    ),
    'Model for notes': openAi('gpt-4.1', 0.4),
    'As HTML': toHtml('={{ $json.text }}'),
    'Draft in WordPress': wordpressDraft(
      "={{ $('Episode uploaded').item.json.name.replace(/\\.[^.]+$/, '') }}",
      '={{ $json.data }}',
    ),
    'Ping me': slack('=Show notes are in WordPress, please read the quotes: {{ $json.link }}'),
  },
  paths: [
    [
      'Episode uploaded',
      'Fetch the audio',
      'Transcribe',
      'Long episode?',
      'Summarise in parts',
      'Show notes',
      'As HTML',
      'Draft in WordPress',
      'Ping me',
    ],
    [{ at: 'Long episode?', out: 1 }, 'Whole text', 'Show notes'],
  ],
  serves: { 'Summarise in parts': ['Model for parts'], 'Show notes': ['Model for notes'] },
});

export const seo = workflow('Page health, page by page', {
  nodes: {
    'First Monday': cron('0 5 1-7 * 1'),
    Sitemap: http('={{ $env.SITE_URL }}/sitemap.xml'),
    'From XML': base('xml', 1, { options: {} }),
    'Each page': splitOut('urlset.url'),
    'Five at a time': loop(5),
    'How fast': retried(
      base('googlePageSpeedInsights', 1, {
        resource: 'pagespeed',
        operation: 'run',
        authentication: 'googleApi',
        url: '={{ $json.loc }}',
        strategy: 'mobile',
        options: {},
      }),
    ),
    'Fetch the page': withErrorOutput(http("={{ $('Five at a time').item.json.loc }}")),
    'What stands there': fromHtml({
      title: 'title',
      description: 'meta[name=description]',
      h1: 'h1',
      canonical: 'link[rel=canonical]',
    }),
    'What is wrong': code(
      `const p = $json;
const faults = [!p.title && 'no title', (p.title || '').length > 60 && 'long title', !p.h1 && 'no h1', Array.isArray(p.h1) && 'several h1', !p.description && 'no description'].filter(Boolean);
return { json: { url: $('Five at a time').item.json.loc, score: $('How fast').item.json.lighthouseResult?.categories?.performance?.score ?? null, faults: faults.join(', ') } };`,
      true,
    ),
    'Into the sheet': sheetUpsert({
      URL: '={{ $json.url }}',
      Score: '={{ $json.score }}',
      Faults: '={{ $json.faults }}',
    }),
    'Mind the quota': wait(30, 'seconds'),
    'Broken page': sheetUpsert({ URL: "={{ $('Five at a time').item.json.loc }}", Faults: 'does not load' }),
    'Say it is done': slack('The pages were looked at; sort the sheet by score.'),
  },
  paths: [
    ['First Monday', 'Sitemap', 'From XML', 'Each page', 'Five at a time', 'Say it is done'],
    [
      { at: 'Five at a time', out: 1 },
      'How fast',
      'Fetch the page',
      'What stands there',
      'What is wrong',
      'Into the sheet',
      'Mind the quota',
      'Five at a time',
    ],
    [{ at: 'Fetch the page', out: 1 }, 'Broken page', 'Mind the quota'],
  ],
});

export const social = workflow('Social posts with a yes in between', {
  nodes: {
    'Every morning': dailyAt(8, 30),
    'Planned for today': notionPages({
      filterType: 'manual',
      filters: { conditions: [{ key: 'Date|date', condition: 'equals', date: '={{ $today.toISODate() }}' }] },
    }),
    'Three voices': ask(
      '={{ $json.property_brief }}',
      'Write the post three times: for LinkedIn (900 characters, one idea), for X (240 characters), for Instagram (a hook and five lines). Keep every figure and name as it is. No hashtags but on Instagram.',
      true,
    ),
    Gemini: gemini(),
    'As three texts': shaped({ linkedin: '', x: '', instagram: '' }),
    'Yes or no': base('slack', 2.2, {
      operation: 'sendAndWait',
      select: 'channel',
      channelId: chosen,
      message: '=LinkedIn:\n{{ $json.output.linkedin }}\n\nX:\n{{ $json.output.x }}',
      approvalOptions: { values: { approvalType: 'double' } },
      options: {},
    }),
    'Was it yes?': when(['={{ $json.data.approved }}', 'boolean true']),
    'To LinkedIn': base('linkedIn', 1, {
      text: "={{ $('Three voices').item.json.output.linkedin }}",
      additionalFields: {},
    }),
    'To X': base('twitter', 2, { text: "={{ $('Three voices').item.json.output.x }}", additionalFields: {} }),
    'Back to the plan': base('notion', 2.2, {
      resource: 'databasePage',
      operation: 'update',
      pageId: { __rl: true, mode: 'id', value: "={{ $('Planned for today').item.json.id }}" },
      options: {},
    }),
  },
  paths: [
    ['Every morning', 'Planned for today', 'Three voices', 'Yes or no', 'Was it yes?', 'To LinkedIn'],
    ['Was it yes?', 'To X'],
    [{ at: 'Was it yes?', out: 1 }, 'Back to the plan'],
  ],
  serves: { 'Three voices': ['Gemini', 'As three texts'] },
});
