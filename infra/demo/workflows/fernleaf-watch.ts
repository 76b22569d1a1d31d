import {
  base,
  code,
  dailyAt,
  everyHours,
  everyMinutes,
  loop,
  nothing,
  once,
  only,
  pair,
  respond,
  retried,
  set,
  splitOut,
  stop,
  wait,
  webhook,
  webhookAnswered,
  when,
  withErrorOutput,
} from './kit/core.ts';
import { workflow } from './kit/draw.ts';
import {
  discord,
  email,
  http,
  postgresQuery,
  redisGet,
  redisSet,
  sheetRows,
  sheetUpsert,
  slack,
  sms,
  ssh,
} from './kit/services.ts';
import type { Offer } from './offer.ts';

const judge = `const ok = ($json.statusCode || 0) < 500 && !$json.error;
return { json: { url: $('Targets').item.json.url, ok, status: $json.statusCode || 0, at: $now.toISO() } };`;

const sentinel = (stage: 1 | 2 | 3): string =>
  workflow('Uptime sentinel', {
    nodes: {
      'Every five minutes': everyMinutes(5),
      Targets: sheetRows(),
      'Ask each': withErrorOutput(
        stage === 3 ? retried(http('={{ $json.url }}', { whole: true }), 2) : http('={{ $json.url }}', { whole: true }),
      ),
      'Up or down?': code(judge, true),
      'What it was': redisGet('=sentinel:{{ $json.url }}', 'before'),
      'Changed?': when([
        "={{ ($('Up or down?').item.json.ok ? 'up' : 'down') !== ($json.before ?? 'up') }}",
        'boolean true',
      ]),
      'Remember for a week': redisSet(
        "=sentinel:{{ $('Up or down?').item.json.url }}",
        "={{ $('Up or down?').item.json.ok ? 'up' : 'down' }}",
        604800,
      ),
      'Is it down?': when(["={{ $('Up or down?').item.json.ok }}", 'boolean false']),
      'Wake somebody': sms('={{ $env.ONCALL_PHONE }}', "={{ $('Up or down?').item.json.url }} is down"),
      'Say it is back': slack("={{ $('Up or down?').item.json.url }} is back"),
      'As it was': nothing(),
      'No answer at all': set({ statusCode: 0, error: 'unreachable' }),
    },
    paths: [
      [
        'Every five minutes',
        'Targets',
        'Ask each',
        'Up or down?',
        'What it was',
        'Changed?',
        'Remember for a week',
        'Is it down?',
        'Wake somebody',
      ],
      [{ at: 'Ask each', out: 1 }, 'No answer at all', 'Up or down?'],
      [{ at: 'Changed?', out: 1 }, 'As it was'],
      [{ at: 'Is it down?', out: 1 }, 'Say it is back'],
    ],
    notes: [
      {
        text:
          stage === 1
            ? '## One message a change\nState lives in Redis.'
            : '## One message a change, never one a check\nState lives in Redis for a week. A target that is slow once is asked again before anybody is woken.',
        behind: ['What it was', 'Changed?', 'Remember for a week'],
        color: 6,
      },
    ],
  });

const certificates = workflow('Certificates about to expire', {
  nodes: {
    'Every morning': dailyAt(7, 20),
    'Our names': sheetRows(),
    'Ten at a time': loop(10),
    'Ask the log of certificates': retried(
      http('https://crt.sh/', { query: { q: '={{ $json.domain }}', output: 'json', exclude: 'expired' } }),
    ),
    'Newest one': code(
      `const all = $input.all().map((i) => i.json).filter((c) => c.not_after);
const byName = {};
for (const c of all) if (!byName[c.common_name] || byName[c.common_name].not_after < c.not_after) byName[c.common_name] = c;
return Object.values(byName).map((c) => ({ json: { name: c.common_name, issuer: c.issuer_name, until: c.not_after, days: Math.floor((new Date(c.not_after) - Date.now()) / 864e5) } }));`,
    ),
    'Be polite': wait(20, 'seconds'),
    'Less than three weeks': only(['={{ $json.days }}', 'number lt', 21]),
    'Less than three days?': when(['={{ $json.days }}', 'number lt', 3]),
    'By phone': sms('={{ $env.ONCALL_PHONE }}', '={{ $json.name }} expires in {{ $json.days }} days'),
    'In the channel': slack('={{ $json.name }} expires on {{ $json.until }} ({{ $json.issuer }})'),
  },
  paths: [
    ['Every morning', 'Our names', 'Ten at a time', 'Less than three weeks', 'Less than three days?', 'By phone'],
    [{ at: 'Ten at a time', out: 1 }, 'Ask the log of certificates', 'Newest one', 'Be polite', 'Ten at a time'],
    [{ at: 'Less than three days?', out: 1 }, 'In the channel'],
  ],
});

const deadman = workflow('Dead man’s switch for cron jobs', {
  nodes: {
    'A job reports': webhookAnswered('alive'),
    'Has it a name?': when(['={{ $json.body.job }}', 'string regex', '^[a-z0-9-]{2,40}$']),
    'Alive for so long': redisSet('=alive:{{ $json.body.job }}', '={{ $now.toISO() }}', 86400),
    Noted: respond('noData', '', 204),
    'Not like that': respond('json', '{ "error": "send { job } in small letters" }', 400),
    'Every ten minutes': everyMinutes(10),
    'Jobs that should run': postgresQuery('select name, max_silence_minutes, owner from jobs where enabled'),
    'Last sign of life': redisGet('=alive:{{ $json.name }}', 'seen'),
    'Beside the job': pair(),
    'Silent too long': only([
      '={{ !$json.seen || DateTime.fromISO($json.seen).diffNow("minutes").minutes < -$json.max_silence_minutes }}',
      'boolean true',
    ]),
    'Tell its owner': email(
      '={{ $json.owner }}',
      '={{ $json.name }} went silent',
      '=Last seen: {{ $json.seen ?? "never" }}',
    ),
  },
  paths: [
    ['A job reports', 'Has it a name?', 'Alive for so long', 'Noted'],
    [{ at: 'Has it a name?', out: 1 }, 'Not like that'],
    ['Every ten minutes', 'Jobs that should run', 'Last sign of life', { at: 'Beside the job', in: 1 }],
    ['Jobs that should run', 'Beside the job', 'Silent too long', 'Tell its owner'],
  ],
  notes: [
    {
      text: '**Above: jobs call in.** One line at the end of a cron job.',
      behind: ['A job reports', 'Has it a name?'],
      color: 4,
    },
    {
      text: '**Below: who did not.** Works also when the whole machine is gone.',
      behind: ['Every ten minutes', 'Jobs that should run'],
      color: 3,
    },
  ],
});

const dns = workflow('DNS drift', {
  nodes: {
    'Each hour': everyHours(1),
    'What should be': sheetRows(),
    'What is': withErrorOutput(
      http('https://cloudflare-dns.com/dns-query', {
        query: { name: '={{ $json.name }}', type: '={{ $json.type }}', ct: 'application/dns-json' },
      }),
    ),
    'Same answers?': code(
      `const want = $('What should be').item.json;
const have = ($json.Answer || []).map((a) => a.data.replace(/\\.$/, '')).sort();
const wanted = want.value.split(',').map((v) => v.trim()).sort();
return { json: { ...want, have: have.join(', '), drifted: JSON.stringify(have) !== JSON.stringify(wanted) } };`,
      true,
    ),
    Drifted: only(['={{ $json.drifted }}', 'boolean true']),
    'Name both': discord('=**{{ $json.name }} {{ $json.type }}** is `{{ $json.have }}`, should be `{{ $json.value }}`'),
    'Resolver down': stop('The resolver did not answer, nothing was compared'),
  },
  paths: [
    ['Each hour', 'What should be', 'What is', 'Same answers?', 'Drifted', 'Name both'],
    [{ at: 'What is', out: 1 }, 'Resolver down'],
  ],
});

const logs = workflow('Log budget guard', {
  nodes: {
    'At nine': dailyAt(9),
    'Bytes a service, 8 days': http('={{ $env.LOKI_URL }}/loki/api/v1/query_range', {
      query: {
        query: 'sum by (service) (bytes_over_time({env="prod"}[1d]))',
        step: '1d',
        start: '={{ $now.minus({ days: 8 }).toSeconds() }}',
      },
      signIn: 'httpBasicAuth',
    }),
    'A service each': splitOut('data.result'),
    'Against its median': code(
      `const bytes = $json.values.map(([, v]) => Number(v));
const today = bytes.at(-1);
const usual = bytes.slice(0, -1).sort((a, b) => a - b)[Math.floor((bytes.length - 1) / 2)] || 1;
return { json: { service: $json.metric.service, gib: +(today / 2 ** 30).toFixed(2), times: +(today / usual).toFixed(1) } };`,
      true,
    ),
    'Twice the usual': only(['={{ $json.times }}', 'number gte', 2], ['={{ $json.gib }}', 'number gt', 1]),
    'Loudest lines': http('={{ $env.LOKI_URL }}/loki/api/v1/query', {
      query: { query: '=topk(3, sum by (logger) (count_over_time({service="{{ $json.service }}"}[1d])))' },
      signIn: 'httpBasicAuth',
    }),
    'Tell the team': slack(
      "={{ $('Twice the usual').item.json.service }} logs {{ $('Twice the usual').item.json.times }} times its usual: {{ $json.data.result.map(r => r.metric.logger).join(', ') }}",
    ),
    'Keep the series': sheetUpsert({ Service: '={{ $json.service }}', GiB: '={{ $json.gib }}' }),
  },
  paths: [
    [
      'At nine',
      'Bytes a service, 8 days',
      'A service each',
      'Against its median',
      'Twice the usual',
      'Loudest lines',
      'Tell the team',
    ],
    ['Against its median', 'Keep the series'],
  ],
});

const backups = workflow('Backups, proved each night', {
  nodes: {
    'At three': dailyAt(3, 10),
    'Restore the newest': withErrorOutput(
      ssh('restic restore latest --target /srv/proof --include /var/backups/db.dump'),
    ),
    'Load it': withErrorOutput(
      ssh('dropdb --if-exists proof && createdb proof && pg_restore -d proof /srv/proof/var/backups/db.dump'),
    ),
    'Count what matters': postgresQuery('select count(*) as orders, max(created_at) as newest from orders'),
    'Recent and plenty?': when(
      ['={{ $json.newest }}', 'dateTime after', '={{ $now.minus({ hours: 26 }).toISO() }}'],
      ['={{ $json.orders }}', 'number gt', 1000],
    ),
    'Tell the pulse': http('={{ $env.PULSE_URL }}', { method: 'POST', body: '{ "job": "backup-proof" }' }),
    'Clean up': once(ssh('dropdb proof; rm -rf /srv/proof')),
    'Backup is worthless': slack('=The restore worked, the data did not: {{ JSON.stringify($json) }}'),
    'No restore': sms('={{ $env.ONCALL_PHONE }}', 'Last night’s backup could not be restored'),
  },
  paths: [
    [
      'At three',
      'Restore the newest',
      'Load it',
      'Count what matters',
      'Recent and plenty?',
      'Tell the pulse',
      'Clean up',
    ],
    [{ at: 'Recent and plenty?', out: 1 }, 'Backup is worthless', 'Clean up'],
    [{ at: 'Restore the newest', out: 1 }, 'No restore'],
    [{ at: 'Load it', out: 1 }, 'No restore'],
  ],
  notes: [
    {
      text: '## A backup is a restore\nRuns on a machine of its own with SSH, never beside production.',
      behind: ['Restore the newest', 'Load it'],
      color: 5,
    },
  ],
});

const legacy = workflow('Ping monitor (old)', {
  nodes: {
    'Every minute': everyMinutes(1),
    'Ask the page': http('https://example.com/health', { whole: true }),
    'Not 200?': when(['={{ $json.statusCode }}', 'number notEquals', 200]),
    'Post it': discord('=It answered {{ $json.statusCode }}'),
  },
  paths: [['Every minute', 'Ask the page', 'Not 200?', 'Post it']],
});

const audit = workflow('Who changed the firewall', {
  nodes: {
    'Change event': webhook('cloud-audit'),
    'Only rules': only(['={{ $json.body.detail.eventName }}', 'string regex', 'SecurityGroup(In|E)gress']),
    'Open to the world?': code(
      `const open = JSON.stringify($json.body.detail.requestParameters).includes('0.0.0.0/0');
return { json: { who: $json.body.detail.userIdentity.arn, what: $json.body.detail.eventName, open } };`,
      true,
    ),
    'Is it?': when(['={{ $json.open }}', 'boolean true']),
    'Ask at once': slack('={{ $json.who }} opened a rule to everybody ({{ $json.what }}). Intended?'),
    'Into the diary': base('googleSheets', 4.5, {
      operation: 'append',
      documentId: { __rl: true, mode: 'list', value: '' },
      sheetName: { __rl: true, mode: 'list', value: '' },
      columns: { mappingMode: 'autoMapInputData', value: {}, matchingColumns: [], schema: [] },
      options: {},
    }),
  },
  paths: [
    ['Change event', 'Only rules', 'Open to the world?', 'Is it?', 'Ask at once'],
    ['Open to the world?', 'Into the diary'],
  ],
});

const vendor = 'fernleaf';
const one = (file: string): Offer['versions'] => [{ version: '1.0.0', file }];

export const fernleafWatch: readonly Offer[] = [
  {
    ...{ ref: 'sentinel', vendor, category: 'DevOps', price: 1200, team: 3600 },
    title: 'Uptime sentinel',
    summary: 'Checks your endpoints every five minutes and speaks only when something changed.',
    description:
      'A list of targets in a sheet, state in Redis, one text message when something goes down and one line when it is back. Targets that do not answer at all are told apart from those that answer badly.\n\nWhat it is not: a status page. It is the part that wakes somebody, and lets everybody else sleep.',
    tags: ['monitoring', 'alerts', 'redis', 'on-call'],
    versions: [
      { version: '1.0.0', notes: 'First release.', file: sentinel(1) },
      { version: '1.1.0', notes: 'Remembers states for a week instead of for ever.', file: sentinel(2) },
      {
        version: '1.1.1',
        notes: 'Asks a second time before it calls a target down. Replaces 1.1.0, which woke people for slow answers.',
        file: sentinel(3),
      },
    ],
  },
  {
    ...{ ref: 'crt', vendor, category: 'DevOps', price: 900, versions: one(certificates) },
    title: 'Certificates about to expire',
    summary:
      'Looks your names up in the public log of certificates and warns three weeks ahead, loudly on the last days.',
    description:
      'No agents, no access to servers: certificate transparency knows what was issued. Ten names at a time with a pause, since the log is a public good.\n\nFinds forgotten subdomains too, which is half of the fun.',
    tags: ['tls', 'certificates', 'monitoring'],
  },
  {
    ...{ ref: 'deadman', vendor, category: 'DevOps', price: 1400, versions: one(deadman) },
    title: 'Dead man’s switch for cron jobs',
    summary: 'Jobs report when they ran; whoever stays silent too long is reported to its owner.',
    description:
      'One curl at the end of a job. The other half looks every ten minutes for jobs whose last sign of life is older than they promised, and mails the owner. It notices what no log does: that nothing happened.',
    tags: ['cron', 'monitoring', 'webhook', 'redis'],
  },
  {
    ...{ ref: 'dns', vendor, category: 'DevOps', price: 800, versions: one(dns) },
    title: 'DNS drift',
    summary: 'Compares the records you have with the records you meant, every hour.',
    description:
      'A sheet with name, type and value; a resolver over HTTPS; a message with both sides where they differ. Order does not matter, trailing dots do not matter, everything else does.',
    tags: ['dns', 'monitoring', 'discord'],
  },
  {
    ...{ ref: 'logs', vendor, category: 'DevOps', price: 1900, versions: one(logs) },
    title: 'Log budget guard',
    summary: 'Names services that log twice their usual, with the loggers behind it, before the bill does.',
    description:
      'Asks Loki for eight days of bytes a service and compares today with the median of the week. Only what is twice the usual and above a gibibyte is worth a message; it names the three loudest loggers.',
    tags: ['logging', 'costs', 'loki'],
  },
  {
    ...{ ref: 'backups', vendor, category: 'DevOps', price: 2400, team: 7200, versions: one(backups) },
    title: 'Backups, proved each night',
    summary: 'Restores the newest backup, loads it, counts rows, and calls somebody when any of it fails.',
    description:
      'A backup that was never restored is a hope. This one restores with restic, loads the dump into a scratch database, checks that there are enough rows and that they are recent, reports to a dead man’s switch, and cleans up.\n\nRuns over SSH on a machine of its own.',
    tags: ['backup', 'postgres', 'ssh', 'restic'],
  },
  {
    ...{ ref: 'firewall', vendor, category: 'Security', price: 1600, versions: one(audit) },
    title: 'Who changed the firewall',
    summary:
      'Watches the audit trail of your cloud for rules that open to everybody, and asks while people still remember.',
    description:
      'Takes change events by webhook, keeps all of them in a diary, and asks in Slack only about rules that open to the whole world. The question names the person, because that is who knows.',
    tags: ['security', 'audit', 'cloud'],
  },
  {
    ...{ ref: 'legacy', vendor, category: 'DevOps', price: 300, versions: one(legacy) },
    title: 'Ping monitor',
    summary: 'One page, one minute, one message.',
    description: 'The small ancestor of the Uptime sentinel: it asks one page every minute and posts what was not 200.',
    tags: ['monitoring', 'discord'],
  },
];
