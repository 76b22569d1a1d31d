import { ask, classify, claude, ollama, openAi, shaped } from './kit/ai.ts';
import {
  code,
  gather,
  hash,
  limit,
  nothing,
  onAnyError,
  only,
  respond,
  schedule,
  sortBy,
  splitOut,
  webhookAnswered,
  when,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  githubIssue,
  githubTrigger,
  http,
  jiraIssue,
  notionCreate,
  postgresQuery,
  redisGet,
  redisSet,
  slack,
} from './kit/services.ts';

export const releases = workflow('Release notes people read', {
  nodes: {
    'Release published': githubTrigger('release'),
    'Only real ones': only(['={{ $json.body.release.prerelease }}', 'boolean false']),
    'Commits since the last': http(
      '=https://api.github.com/repos/{{ $json.body.repository.full_name }}/compare/{{ $json.body.release.target_commitish }}...{{ $json.body.release.tag_name }}',
      { signIn: 'httpHeaderAuth' },
    ),
    'Drop the noise': code(
      `const lines = $json.commits.map((c) => c.commit.message.split('\\n')[0]);
return { json: { lines: lines.filter((l) => !/^(chore|ci|style|Merge)/.test(l)).slice(0, 120) } };`,
      true,
    ),
    'Write for users': ask(
      "={{ $json.lines.join('\\n') }}",
      'Group these commits into New, Changed and Fixed. Write for users, not developers, one sentence each, at most twelve. Leave out what users cannot notice. Never invent a feature.',
    ),
    Claude: claude(),
    'Post the notes': slack("=*{{ $('Only real ones').item.json.body.release.name }}*\n{{ $json.text }}"),
    'Keep them': notionCreate("={{ $('Only real ones').item.json.body.release.tag_name }}", {
      Notes: '={{ $json.text }}',
    }),
  },
  paths: [
    [
      'Release published',
      'Only real ones',
      'Commits since the last',
      'Drop the noise',
      'Write for users',
      'Post the notes',
    ],
    ['Write for users', 'Keep them'],
  ],
  serves: { 'Write for users': ['Claude'] },
});

export const errors = workflow('Error desk for n8n', {
  nodes: {
    'A workflow failed': onAnyError(),
    'Fingerprint it': hash(
      "={{ $json.workflow.id }}{{ $json.execution.lastNodeExecuted }}{{ $json.execution.error.message.replace(/\\d+/g, '#') }}",
      'print',
    ),
    'Seen before': redisGet('=error:{{ $json.print }}', 'issue'),
    'First time?': when(['={{ $json.issue }}', 'string empty']),
    'Open an issue': githubIssue(
      "=[n8n] {{ $('A workflow failed').item.json.workflow.name }}: {{ $('A workflow failed').item.json.execution.error.message.slice(0, 80) }}",
      "=Node: {{ $('A workflow failed').item.json.execution.lastNodeExecuted }}\nExecution: {{ $('A workflow failed').item.json.execution.url }}",
    ),
    'Remember it': redisSet("=error:{{ $('Fingerprint it').item.json.print }}", '={{ $json.number }}', 1209600),
    'Tell the channel': slack(
      "={{ $('A workflow failed').item.json.workflow.name }} failed in a new way: {{ $('Open an issue').item.json.html_url }}",
    ),
    'Known, be quiet': nothing(),
  },
  paths: [
    [
      'A workflow failed',
      'Fingerprint it',
      'Seen before',
      'First time?',
      'Open an issue',
      'Remember it',
      'Tell the channel',
    ],
    [{ at: 'First time?', out: 1 }, 'Known, be quiet'],
  ],
  notes: [
    {
      text: '## One issue an error, not one a failure\nNumbers are taken out before the fingerprint, so “row 17” and “row 18” are one error.',
      behind: ['Fingerprint it', 'Seen before'],
      color: 3,
    },
  ],
});

export const dependabot = workflow('Dependency updates, sorted', {
  nodes: {
    'Pull request': githubTrigger('pull_request'),
    'By the bot, opened': only(
      ['={{ $json.body.sender.login }}', 'string equals', 'dependabot[bot]'],
      ['={{ $json.body.action }}', 'string equals', 'opened'],
    ),
    'How risky?': classify('={{ $json.body.pull_request.title }}\n{{ $json.body.pull_request.body.slice(0, 4000) }}', {
      harmless: 'Patch release, or a development dependency, and the notes name no breaking change',
      review: 'Minor release, or the notes mention behaviour that changes',
      danger: 'Major release, a security advisory, or anything about authentication, payments or data',
    }),
    'Local model': ollama('llama3.1:8b'),
    'Approve it': http("={{ $('Pull request').item.json.body.pull_request.url }}/reviews", {
      method: 'POST',
      body: '{ "event": "APPROVE", "body": "Patch of a known dependency." }',
      signIn: 'httpHeaderAuth',
    }),
    'Ask for a review': http("={{ $('Pull request').item.json.body.pull_request.url }}/requested_reviewers", {
      method: 'POST',
      body: '{ "team_reviewers": ["platform"] }',
      signIn: 'httpHeaderAuth',
    }),
    'Make a task': jiraIssue(
      "=Update: {{ $('Pull request').item.json.body.pull_request.title }}",
      "={{ $('Pull request').item.json.body.pull_request.html_url }}",
    ),
  },
  paths: [
    ['Pull request', 'By the bot, opened', 'How risky?', 'Approve it'],
    [{ at: 'How risky?', out: 1 }, 'Ask for a review'],
    [{ at: 'How risky?', out: 2 }, 'Make a task'],
  ],
  serves: { 'How risky?': ['Local model'] },
});

export const timeline = workflow('Incident timeline writer', {
  nodes: {
    'Incident is closed': webhookAnswered('incident-closed'),
    'Got it': respond('noData', '', 202),
    'All messages': http('https://slack.com/api/conversations.history', {
      query: { channel: '={{ $json.body.channel }}', limit: '500' },
      signIn: 'httpHeaderAuth',
    }),
    'Each message': splitOut('messages'),
    'Oldest first': sortBy('ts'),
    'People, no bots': only(['={{ $json.bot_id }}', 'string empty']),
    'One text': gather('messages'),
    'Write the timeline': ask(
      '={{ JSON.stringify($json.messages) }}',
      'Write an incident timeline: UTC times, what was seen, what was done, by role and not by name. Separate what was believed from what turned out true. End with open questions. No blame.',
      true,
    ),
    'GPT-4.1': openAi('gpt-4.1', 0.1),
    Fields: shaped({
      title: 'a title',
      timeline: [{ at: '10:02Z', what: 'alert fired' }],
      questions: ['what remains open'],
    }),
    'Into the archive': notionCreate('={{ $json.output.title }}', {
      Timeline: '={{ JSON.stringify($json.output.timeline) }}',
    }),
    'Ask for corrections': slack(
      '=Draft of the timeline is in Notion. Open: {{ $json.output?.questions?.join("; ") }}',
    ),
  },
  paths: [
    [
      'Incident is closed',
      'Got it',
      'All messages',
      'Each message',
      'Oldest first',
      'People, no bots',
      'One text',
      'Write the timeline',
      'Into the archive',
      'Ask for corrections',
    ],
  ],
  serves: { 'Write the timeline': ['GPT-4.1', 'Fields'] },
});

export const slowQueries = workflow('Slow queries of the week', {
  nodes: {
    'Friday at two': schedule({ field: 'weeks', triggerAtDay: [5], triggerAtHour: 14 }),
    'Slowest in total': postgresQuery(
      'select queryid, left(query, 2000) as query, calls, round(total_exec_time) as ms, round(mean_exec_time) as mean\nfrom pg_stat_statements order by total_exec_time desc limit 20',
    ),
    'Five are enough': limit(5),
    'Its plan': postgresQuery("={{ 'explain (format json) ' + $json.query.replace(/\\$\\d+/g, 'null') }}"),
    'Suggest one thing': ask(
      "=Query:\n{{ $('Five are enough').item.json.query }}\n\nPlan:\n{{ JSON.stringify($json).slice(0, 8000) }}",
      'Name the one change that would help this query most (an index, a rewrite, or nothing) and why, in at most 60 words. Say “nothing” when the plan is already right.',
    ),
    'GPT-4.1 mini': openAi(),
    Together: gather('advice'),
    'One message': slack("={{ $json.advice.map((a, i) => (i + 1) + '. ' + a.text).join('\\n\\n') }}"),
    'Start counting anew': postgresQuery('select pg_stat_statements_reset()'),
  },
  paths: [
    [
      'Friday at two',
      'Slowest in total',
      'Five are enough',
      'Its plan',
      'Suggest one thing',
      'Together',
      'One message',
      'Start counting anew',
    ],
  ],
  serves: { 'Suggest one thing': ['GPT-4.1 mini'] },
});
