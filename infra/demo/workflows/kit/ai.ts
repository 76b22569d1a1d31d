import { base } from './core.ts';
import type { NodeSpec, Parameters } from './draw.ts';

const chain = (type: string, typeVersion: number, parameters: Parameters): NodeSpec => ({
  type: `@n8n/n8n-nodes-langchain.${type}`,
  typeVersion,
  parameters,
});
const servant = (gives: string, type: string, typeVersion: number, parameters: Parameters = {}): NodeSpec => ({
  ...chain(type, typeVersion, parameters),
  gives,
});
const chosen = { __rl: true, mode: 'list', value: '' };

/** What the model is to fill in for a tool. */
export const fromAi = (key: string, description: string, type = 'string'): string =>
  `={{ $fromAI('${key}', '${description}', '${type}') }}`;

// Who thinks
export const agent = (text: string, systemMessage: string, parsed = false): NodeSpec =>
  chain('agent', 2, {
    promptType: 'define',
    text,
    ...(parsed ? { hasOutputParser: true } : {}),
    options: { systemMessage },
  });
/** Takes what is said in a chat. */
export const chatAgent = (systemMessage: string): NodeSpec => chain('agent', 2, { options: { systemMessage } });
export const ask = (text: string, message: string, parsed = false): NodeSpec =>
  chain('chainLlm', 1.7, {
    promptType: 'define',
    text,
    ...(parsed ? { hasOutputParser: true } : {}),
    messages: { messageValues: [{ message }] },
    batching: {},
  });
export const extract = (
  text: string,
  attributes: { readonly [name: string]: readonly [type: string, description: string] },
): NodeSpec =>
  chain('informationExtractor', 1, {
    text,
    attributes: {
      attributes: Object.entries(attributes).map(([name, [type, description]]) => ({
        name,
        type,
        description,
        required: true,
      })),
    },
    options: {},
  });
/** One output for each category, in their order. */
export const classify = (inputText: string, categories: { readonly [category: string]: string }): NodeSpec =>
  chain('textClassifier', 1, {
    inputText,
    categories: {
      categories: Object.entries(categories).map(([category, description]) => ({ category, description })),
    },
    options: {},
  });
/** Outputs: positive, neutral, negative. */
export const sentiment = (inputText: string): NodeSpec => chain('sentimentAnalysis', 1, { inputText, options: {} });
export const summary = (): NodeSpec => chain('chainSummarization', 2, { options: {} });

// Triggers
export const chat = (initialMessages: string): NodeSpec =>
  chain('chatTrigger', 1.1, { public: true, initialMessages, options: {} });
export const mcpServer = (path: string): NodeSpec => chain('mcpTrigger', 1, { path });

// Models
const listed = (value: string) => ({ __rl: true, mode: 'list', value });
export const openAi = (model = 'gpt-4.1-mini', temperature = 0.2): NodeSpec =>
  servant('ai_languageModel', 'lmChatOpenAi', 1.2, { model: listed(model), options: { temperature } });
export const claude = (model = 'claude-3-7-sonnet-20250219'): NodeSpec =>
  servant('ai_languageModel', 'lmChatAnthropic', 1.3, { model: listed(model), options: {} });
export const gemini = (): NodeSpec =>
  servant('ai_languageModel', 'lmChatGoogleGemini', 1, { modelName: 'models/gemini-2.0-flash', options: {} });
export const ollama = (model: string): NodeSpec =>
  servant('ai_languageModel', 'lmChatOllama', 1, { model, options: {} });
export const mistral = (): NodeSpec =>
  servant('ai_languageModel', 'lmChatMistralCloud', 1, { model: 'mistral-small-latest', options: {} });

// What helps them
export const memory = (sessionKey?: string, contextWindowLength = 10): NodeSpec =>
  servant('ai_memory', 'memoryBufferWindow', 1.3, {
    ...(sessionKey === undefined ? {} : { sessionIdType: 'customKey', sessionKey }),
    contextWindowLength,
  });
export const shaped = (example: Parameters): NodeSpec =>
  servant('ai_outputParser', 'outputParserStructured', 1.2, { jsonSchemaExample: JSON.stringify(example, null, 2) });
export const think = (): NodeSpec => servant('ai_tool', 'toolThink', 1, {});
export const calculator = (): NodeSpec => servant('ai_tool', 'toolCalculator', 1, {});
export const codeTool = (name: string, description: string, jsCode: string): NodeSpec =>
  servant('ai_tool', 'toolCode', 1.1, { name, description, jsCode });
export const workflowTool = (name: string, description: string): NodeSpec =>
  servant('ai_tool', 'toolWorkflow', 2, { name, description, workflowId: chosen });
/** A node of `n8n-nodes-base` that an agent may use. */
export const tool = (type: string, typeVersion: number, toolDescription: string, parameters: Parameters): NodeSpec => ({
  ...base(`${type}Tool`, typeVersion, { descriptionType: 'manual', toolDescription, ...parameters }),
  gives: 'ai_tool',
});
export const httpTool = (
  toolDescription: string,
  url: string,
  query: { readonly [name: string]: string } = {},
): NodeSpec => {
  const parameters = Object.entries(query).map(([name, value]) => ({ name, value }));
  return {
    ...base('httpRequestTool', 4.2, {
      ...{ toolDescription, url },
      ...(parameters.length === 0 ? {} : { sendQuery: true, queryParameters: { parameters } }),
      options: {},
    }),
    gives: 'ai_tool',
  };
};

// Knowledge
export const embeddings = (): NodeSpec => servant('ai_embedding', 'embeddingsOpenAi', 1.2, { options: {} });
export const documents = (): NodeSpec =>
  servant('ai_document', 'documentDefaultDataLoader', 1, { dataType: 'binary', options: {} });
export const splitter = (chunkSize = 1000, chunkOverlap = 120): NodeSpec =>
  servant('ai_textSplitter', 'textSplitterRecursiveCharacterTextSplitter', 1, { chunkSize, chunkOverlap, options: {} });
const collection = { __rl: true, mode: 'id', value: 'handbook' };
export const qdrantInsert = (): NodeSpec =>
  chain('vectorStoreQdrant', 1.2, { mode: 'insert', qdrantCollection: collection, options: {} });
export const qdrantTool = (toolDescription: string): NodeSpec => ({
  ...chain('vectorStoreQdrant', 1.2, {
    mode: 'retrieve-as-tool',
    toolDescription,
    qdrantCollection: collection,
    options: {},
  }),
  gives: 'ai_tool',
});
