import { v5 } from 'uuid';
import type { Json, NodeSpec, Parameters } from './draw.ts';

const namespace = '0f5a2a1e-7c60-4a52-9a3a-0a8d7f0c2b11';
/** Ids inside parameters (conditions, assignments): the same for the same content. */
const idOf = (content: Json): string => v5(JSON.stringify(content), namespace);

/** A node of `n8n-nodes-base`. */
export const base = (type: string, typeVersion: number, parameters: Parameters = {}): NodeSpec => ({
  type: `n8n-nodes-base.${type}`,
  typeVersion,
  parameters,
});

/** The node's failures leave by an output of their own, the last one. */
export const withErrorOutput = (node: NodeSpec): NodeSpec => ({ ...node, onError: 'continueErrorOutput' });
export const retried = (node: NodeSpec, maxTries = 3): NodeSpec => ({ ...node, retryOnFail: true, maxTries });
export const once = (node: NodeSpec): NodeSpec => ({ ...node, executeOnce: true });
export const evenEmpty = (node: NodeSpec): NodeSpec => ({ ...node, alwaysOutputData: true });
export const off = (node: NodeSpec): NodeSpec => ({ ...node, disabled: true });

// Triggers
export const manually = (): NodeSpec => base('manualTrigger', 1);
type Interval = { readonly [key: string]: Json };
export const schedule = (...interval: readonly Interval[]): NodeSpec =>
  base('scheduleTrigger', 1.2, { rule: { interval } });
export const dailyAt = (triggerAtHour: number, triggerAtMinute = 0): NodeSpec =>
  schedule({ triggerAtHour, triggerAtMinute });
export const weeklyOn = (day: number, triggerAtHour: number): NodeSpec =>
  schedule({ field: 'weeks', triggerAtDay: [day], triggerAtHour });
export const everyHours = (hoursInterval: number): NodeSpec => schedule({ field: 'hours', hoursInterval });
export const everyMinutes = (minutesInterval: number): NodeSpec => schedule({ field: 'minutes', minutesInterval });
export const cron = (expression: string): NodeSpec => schedule({ field: 'cronExpression', expression });
export const webhook = (path: string, more: Parameters = {}): NodeSpec =>
  base('webhook', 2, { httpMethod: 'POST', path, options: {}, ...more });
/** The answer is given by a node on the way. */
export const webhookAnswered = (path: string, more: Parameters = {}): NodeSpec =>
  webhook(path, { responseMode: 'responseNode', ...more });
export const calledWith = (...names: readonly string[]): NodeSpec =>
  base('executeWorkflowTrigger', 1.1, { workflowInputs: { values: names.map((name) => ({ name })) } });
export const onAnyError = (): NodeSpec => base('errorTrigger', 1);
type Field = {
  readonly fieldLabel: string;
  readonly fieldType?: string;
  readonly options?: readonly string[];
  readonly optional?: true;
};
export const formTrigger = (formTitle: string, formDescription: string, fields: readonly Field[]): NodeSpec =>
  base('formTrigger', 2.2, {
    formTitle,
    formDescription,
    formFields: {
      values: fields.map(({ fieldLabel, fieldType, options, optional }) => ({
        fieldLabel,
        ...(fieldType === undefined ? {} : { fieldType }),
        ...(options === undefined ? {} : { fieldOptions: { values: options.map((option) => ({ option })) } }),
        ...(optional === undefined ? { requiredField: true } : {}),
      })),
    },
    options: {},
  });

// Data
type Value = string | number | boolean;
const typeOf = (value: Value, name: string): string =>
  name.endsWith('[]') ? 'array' : typeof value === 'string' ? 'string' : typeof value;
/** Fields by name; a name that ends in `[]` is an array's, `keep`: beside those that came. */
export const set = (fields: { readonly [name: string]: Value }, keep = false): NodeSpec =>
  base('set', 3.4, {
    assignments: {
      assignments: Object.entries(fields).map(([name, value]) => ({
        id: idOf([name, value]),
        name: name.replace('[]', ''),
        value,
        type: typeOf(value, name),
      })),
    },
    ...(keep ? { includeOtherFields: true } : {}),
    options: {},
  });
export const code = (jsCode: string, forEach = false): NodeSpec =>
  base('code', 2, { ...(forEach ? { mode: 'runOnceForEachItem' } : {}), jsCode });
export const splitOut = (fieldToSplitOut: string): NodeSpec => base('splitOut', 1, { fieldToSplitOut, options: {} });
export const gather = (destinationFieldName: string): NodeSpec =>
  base('aggregate', 1, { aggregate: 'aggregateAllItemData', destinationFieldName, options: {} });
export const limit = (maxItems: number): NodeSpec => base('limit', 1, { maxItems });
export const sortBy = (fieldName: string, order: 'ascending' | 'descending' = 'ascending'): NodeSpec =>
  base('sort', 1, { sortFieldsUi: { sortField: [{ fieldName, order }] }, options: {} });
export const onlyNew = (dedupeValue: string): NodeSpec =>
  base('removeDuplicates', 2, { operation: 'removeItemsSeenInPreviousExecutions', dedupeValue, options: {} });
export const summarize = (splitBy: string, ...values: readonly (readonly [string, string])[]): NodeSpec =>
  base('summarize', 1.1, {
    fieldsToSummarize: { values: values.map(([aggregation, field]) => ({ aggregation, field })) },
    fieldsToSplitBy: splitBy,
    options: {},
  });
export const toMarkdown = (html: string): NodeSpec => base('markdown', 1, { html, options: {} });
export const toHtml = (markdown: string): NodeSpec =>
  base('markdown', 1, { mode: 'markdownToHtml', markdown, options: {} });
export const fromHtml = (values: { readonly [key: string]: string }): NodeSpec =>
  base('html', 1.2, {
    operation: 'extractHtmlContent',
    extractionValues: { values: Object.entries(values).map(([key, cssSelector]) => ({ key, cssSelector })) },
    options: { trimValues: true },
  });
export const fromFile = (operation: string, more: Parameters = {}): NodeSpec =>
  base('extractFromFile', 1, { operation, options: {}, ...more });
export const toFile = (operation: string, fileName: string): NodeSpec =>
  base('convertToFile', 1.1, { operation, options: { fileName } });
export const hash = (value: string, dataPropertyName: string): NodeSpec =>
  base('crypto', 1, { action: 'hash', type: 'SHA256', value, dataPropertyName });

// Flow
type Operator = { readonly type: string; readonly operation: string; readonly singleValue?: true };
/** `string equals` and so on; what needs no right side says so. */
const operatorOf = (words: string): Operator => {
  const [type = 'string', operation = 'equals'] = words.split(' ');
  const single = ['exists', 'notExists', 'empty', 'notEmpty', 'true', 'false'].includes(operation);
  return single ? { type, operation, singleValue: true } : { type, operation };
};
export type Condition = readonly [left: string, operator: string, right?: Value];
const conditionsOf = (combinator: 'and' | 'or', conditions: readonly Condition[]): Parameters => ({
  options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
  conditions: conditions.map(([leftValue, operator, rightValue = '']) => ({
    id: idOf([leftValue, operator, rightValue]),
    ...{ leftValue, rightValue, operator: operatorOf(operator) },
  })),
  combinator,
});
export const when = (...conditions: readonly Condition[]): NodeSpec =>
  base('if', 2.2, { conditions: conditionsOf('and', conditions), looseTypeValidation: true, options: {} });
export const whenAny = (...conditions: readonly Condition[]): NodeSpec =>
  base('if', 2.2, { conditions: conditionsOf('or', conditions), looseTypeValidation: true, options: {} });
export const only = (...conditions: readonly Condition[]): NodeSpec =>
  base('filter', 2.2, { conditions: conditionsOf('and', conditions), looseTypeValidation: true, options: {} });
/** One output for each rule, in their order, and one for what fits none. */
export const route = (rules: { readonly [output: string]: Condition }): NodeSpec =>
  base('switch', 3.2, {
    rules: {
      values: Object.entries(rules).map(([outputKey, condition]) => ({
        conditions: conditionsOf('and', [condition]),
        renameOutput: true,
        outputKey,
      })),
    },
    looseTypeValidation: true,
    options: { fallbackOutput: 'extra' },
  });
export const append = (numberInputs = 2): NodeSpec => base('merge', 3.1, numberInputs === 2 ? {} : { numberInputs });
export const joinBy = (field: string, joinMode = 'keepMatches'): NodeSpec =>
  base('merge', 3.1, { mode: 'combine', fieldsToMatchString: field, joinMode, options: {} });
export const pair = (): NodeSpec =>
  base('merge', 3.1, { mode: 'combine', combineBy: 'combineByPosition', options: {} });
/** Its first output is `done`, the second the loop. */
export const loop = (batchSize: number): NodeSpec => base('splitInBatches', 3, { batchSize, options: {} });
export const wait = (amount: number, unit: 'seconds' | 'minutes' | 'hours' | 'days' = 'seconds'): NodeSpec =>
  base('wait', 1.1, { amount, unit });
export const stop = (errorMessage: string): NodeSpec => base('stopAndError', 1, { errorMessage });
export const nothing = (): NodeSpec => base('noOp', 1);
export const respond = (respondWith: 'json' | 'text' | 'noData', body = '', responseCode = 200): NodeSpec =>
  base('respondToWebhook', 1.1, {
    respondWith,
    ...(body === '' ? {} : { responseBody: body }),
    options: { responseCode },
  });
export const compare = (field1: string, field2 = field1): NodeSpec =>
  base('compareDatasets', 2.3, {
    mergeByFields: { values: [{ field1, field2 }] },
    resolve: 'preferInput1',
    options: {},
  });
