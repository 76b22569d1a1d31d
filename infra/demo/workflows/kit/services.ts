import { base } from './core.ts';
import type { Json, NodeSpec, Parameters } from './draw.ts';

/** What the buyer chooses from a list after the import. */
const chosen = { __rl: true, mode: 'list', value: '' };
const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const mapped = (value: { readonly [column: string]: string }): Parameters => ({
  mappingMode: 'defineBelow',
  value,
  matchingColumns: Object.keys(value).slice(0, 1),
  schema: Object.keys(value).map((id) => ({
    ...{ id, displayName: id, required: false, defaultMatch: false, display: true, type: 'string' },
    canBeUsedToMatch: true,
  })),
});
const polled = { pollTimes: { item: [{ mode: 'everyMinute' }] } };

/** `send` is a method and its JSON body. Sign-in by a credential of the buyer's: `header`, `basic`, `bearer` or none. */
export const http = (
  url: string,
  options: {
    readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    readonly query?: { readonly [name: string]: string };
    readonly body?: string;
    readonly signIn?: 'httpHeaderAuth' | 'httpBasicAuth' | 'httpBearerAuth';
    readonly whole?: true;
    readonly file?: true;
  } = {},
): NodeSpec => {
  const { method = 'GET', query, body, signIn, whole, file } = options;
  const pairs = Object.entries(query ?? {}).map(([name, value]) => ({ name, value }));
  const response = {
    ...(whole ? { fullResponse: true, neverError: true } : {}),
    ...(file ? { responseFormat: 'file' } : {}),
  };
  return base('httpRequest', 4.2, {
    ...(method === 'GET' ? {} : { method }),
    url,
    ...(signIn === undefined ? {} : { authentication: 'genericCredentialType', genericAuthType: signIn }),
    ...(pairs.length === 0 ? {} : { sendQuery: true, queryParameters: { parameters: pairs } }),
    ...(body === undefined ? {} : { sendBody: true, specifyBody: 'json', jsonBody: body }),
    options: Object.keys(response).length === 0 ? {} : { response: { response } },
  });
};

export const rss = (url: string): NodeSpec => base('rssFeedRead', 1.1, { url, options: {} });
export const email = (toEmail: string, subject: string, html: string): NodeSpec =>
  base('emailSend', 2.1, {
    ...{ fromEmail: '={{ $env.MAIL_FROM }}', toEmail, subject, html },
    options: { appendAttribution: false },
  });
export const imap = (): NodeSpec => base('emailReadImap', 2, { format: 'resolved', options: {} });

export const gmailTrigger = (q: string, attachments = false): NodeSpec =>
  base('gmailTrigger', 1.2, {
    ...polled,
    simple: false,
    filters: { q },
    options: attachments ? { downloadAttachments: true } : {},
  });
export const gmailSend = (sendTo: string, subject: string, message: string): NodeSpec =>
  base('gmail', 2.1, { ...{ sendTo, subject, message }, options: { appendAttribution: false } });
export const gmailDraft = (subject: string, message: string, threadId: string): NodeSpec =>
  base('gmail', 2.1, { resource: 'draft', ...{ subject, message }, options: { threadId } });
export const gmailLabel = (messageId: string): NodeSpec =>
  base('gmail', 2.1, { operation: 'addLabels', messageId, labelIds: [] });

const sheet = { documentId: chosen, sheetName: chosen };
export const sheetRows = (): NodeSpec => base('googleSheets', 4.5, { ...sheet, options: {} });
export const sheetFind = (lookupColumn: string, lookupValue: string): NodeSpec =>
  base('googleSheets', 4.5, { ...sheet, filtersUI: { values: [{ lookupColumn, lookupValue }] }, options: {} });
export const sheetAppend = (columns: { readonly [column: string]: string }): NodeSpec =>
  base('googleSheets', 4.5, { operation: 'append', ...sheet, columns: mapped(columns), options: {} });
/** By the first column. */
export const sheetUpsert = (columns: { readonly [column: string]: string }): NodeSpec =>
  base('googleSheets', 4.5, { operation: 'appendOrUpdate', ...sheet, columns: mapped(columns), options: {} });

export const driveTrigger = (event: 'fileCreated' | 'fileUpdated'): NodeSpec =>
  base('googleDriveTrigger', 1, { ...polled, triggerOn: 'specificFolder', folderToWatch: chosen, event, options: {} });
export const driveDownload = (id: string): NodeSpec =>
  base('googleDrive', 3, { operation: 'download', fileId: byId(id), options: {} });
export const driveUpload = (name: string): NodeSpec =>
  base('googleDrive', 3, { name, driveId: { ...chosen, value: 'My Drive' }, folderId: chosen, options: {} });
export const calendarEvents = (timeMin: string, timeMax: string): NodeSpec =>
  base('googleCalendar', 1.3, {
    operation: 'getAll',
    calendar: chosen,
    returnAll: true,
    timeMin,
    timeMax,
    options: {},
  });
export const calendarCreate = (start: string, end: string, summary: string): NodeSpec =>
  base('googleCalendar', 1.3, { calendar: chosen, start, end, additionalFields: { summary } });

export const slack = (text: string): NodeSpec =>
  base('slack', 2.2, { select: 'channel', channelId: chosen, text, otherOptions: { includeLinkToWorkflow: false } });
export const telegram = (chatId: string, text: string): NodeSpec =>
  base('telegram', 1.2, { chatId, text, additionalFields: { appendAttribution: false } });
export const telegramTrigger = (...updates: readonly string[]): NodeSpec =>
  base('telegramTrigger', 1.2, { updates, additionalFields: {} });
export const discord = (content: string): NodeSpec =>
  base('discord', 2, { resource: 'message', guildId: chosen, channelId: chosen, content, options: {} });
export const sms = (to: string, message: string): NodeSpec =>
  base('twilio', 1, { from: '={{ $env.SMS_FROM }}', to, message, options: {} });

export const notionPages = (more: Parameters = {}): NodeSpec =>
  base('notion', 2.2, {
    resource: 'databasePage',
    operation: 'getAll',
    databaseId: chosen,
    returnAll: true,
    options: {},
    ...more,
  });
export const notionCreate = (title: string, properties: { readonly [key: string]: string }): NodeSpec =>
  base('notion', 2.2, {
    ...{ resource: 'databasePage', databaseId: chosen, title },
    propertiesUi: {
      propertyValues: Object.entries(properties).map(([key, textContent]) => ({
        key: `${key}|rich_text`,
        textContent,
      })),
    },
    options: {},
  });
export const airtableSearch = (filterByFormula: string): NodeSpec =>
  base('airtable', 2.1, { operation: 'search', base: chosen, table: chosen, filterByFormula, options: {} });
export const airtableUpsert = (columns: { readonly [column: string]: string }): NodeSpec =>
  base('airtable', 2.1, { operation: 'upsert', base: chosen, table: chosen, columns: mapped(columns), options: {} });

export const postgresQuery = (query: string, queryReplacement?: string): NodeSpec =>
  base('postgres', 2.6, {
    operation: 'executeQuery',
    query,
    options: queryReplacement === undefined ? {} : { queryReplacement },
  });
export const postgresInsert = (table: string, columns: { readonly [column: string]: string }): NodeSpec =>
  base('postgres', 2.6, {
    schema: { __rl: true, mode: 'list', value: 'public' },
    table: { __rl: true, mode: 'name', value: table },
    columns: mapped(columns),
    options: {},
  });
export const redisGet = (key: string, propertyName: string): NodeSpec =>
  base('redis', 1, { operation: 'get', ...{ propertyName, key }, options: {} });
export const redisSet = (key: string, value: string, ttl: number): NodeSpec =>
  base('redis', 1, { operation: 'set', ...{ key, value, expire: true, ttl } });
export const s3Upload = (bucketName: string, fileName: string): NodeSpec =>
  base('awsS3', 2, { operation: 'upload', ...{ bucketName, fileName }, additionalFields: {} });

export const githubIssue = (title: string, body: string): NodeSpec =>
  base('github', 1, {
    operation: 'create',
    resource: 'issue',
    owner: chosen,
    repository: chosen,
    title,
    body,
    labels: [],
    assignees: [],
  });
export const githubTrigger = (...events: readonly string[]): NodeSpec =>
  base('githubTrigger', 1, { owner: chosen, repository: chosen, events, options: {} });
export const jiraIssue = (summary: string, description: string): NodeSpec =>
  base('jira', 1, { project: chosen, issueType: chosen, summary, additionalFields: { description } });
export const hubspotContact = (mail: string, additionalFields: Parameters = {}): NodeSpec =>
  base('hubspot', 2.1, { email: mail, additionalFields, options: {} });
export const pipedriveDeal = (title: string): NodeSpec => base('pipedrive', 1, { title, additionalFields: {} });
export const stripeTrigger = (...events: readonly string[]): NodeSpec => base('stripeTrigger', 1, { events });
export const shopifyTrigger = (topic: string): NodeSpec => base('shopifyTrigger', 1, { topic });
export const shopifyOrders = (options: Parameters): NodeSpec =>
  base('shopify', 1, { operation: 'getAll', returnAll: true, options });
export const todoist = (content: string, more: { readonly [key: string]: Json } = {}): NodeSpec =>
  base('todoist', 2.1, { project: chosen, content, options: more });
export const wordpressDraft = (title: string, content: string): NodeSpec =>
  base('wordpress', 1, { title, additionalFields: { content, status: 'draft' } });
export const calendlyTrigger = (...events: readonly string[]): NodeSpec => base('calendlyTrigger', 1, { events });
export const zendeskTicket = (description: string, subject: string): NodeSpec =>
  base('zendesk', 1, { description, additionalFields: { subject } });
export const weather = (cityName: string): NodeSpec =>
  base('openWeatherMap', 1, { operation: '5DayForecast', cityName });
export const ssh = (command: string): NodeSpec => base('ssh', 1, { command });
export const graphql = (endpoint: string, query: string): NodeSpec =>
  base('graphql', 1.1, { authentication: 'headerAuth', endpoint, query });
