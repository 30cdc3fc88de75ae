// Drives a running server with the released client for JavaScript, one call after the other.
//
// The environment names the server (STOOK_URL), a token with all scopes (STOOK_TOKEN), a question
// that its documents answer, and a chat application. Prints one line of JSON for each call:
// its name, and the error that it ended with, or null.

import assert from "node:assert/strict";
import process from "node:process";

import { Glean } from "@gleanwork/api-client";
import * as errors from "@gleanwork/api-client/models/errors";

const { STOOK_URL, STOOK_TOKEN, STOOK_QUESTION, STOOK_APPLICATION } = process.env;
const PATIENCE = 100; // times that a file's state is asked for
const glean = new Glean({ serverURL: STOOK_URL, apiToken: STOOK_TOKEN });
const { chat, search, documents, agents, entities, activity, authentication } = glean.client;

const asked = (text, more = {}) => ({ messages: [{ fragments: [{ text }] }], ...more });
const textOf = (message) => message.fragments.map((fragment) => fragment.text ?? "").join("");
const citationsOf = (message) =>
  message.fragments.map((fragment) => fragment.citation).filter((citation) => citation);
const utf8 = (text) => new TextEncoder().encode(text);

// What one call leaves for the next.
const kept = {};

const calls = {
  // --- client.chat: all eleven methods -----------------------------------------------------------
  "client.chat.create": async () => {
    const answer = await chat.create(asked(STOOK_QUESTION, { saveChat: true }), "en", 60);
    const message = answer.messages.at(-1);
    assert.equal(message.messageType, "CONTENT");
    assert.equal(message.author, "GLEAN_AI");
    assert.ok(textOf(message).length > 0);
    const [citation] = citationsOf(message);
    assert.match(citation.sourceDocument.url, /^https?:|^file:/);
    assert.ok(citation.sourceDocument.title);
    assert.ok(answer.backendTimeMillis >= 0);
    kept.text = textOf(message);
    kept.chat = answer.chatId;
    kept.document = citation.sourceDocument;
  },
  "client.chat.createStream": async () => {
    const lines = await chat.createStream(asked(STOOK_QUESTION, { stream: true }));
    const messages = lines.trim().split("\n").flatMap((line) => JSON.parse(line).messages);
    const content = messages.filter((message) => message.messageType === "CONTENT");
    assert.equal(content.map(textOf).join(""), kept.text);
    assert.ok(messages.some((message) => message.messageType === "UPDATE"));
  },
  "client.chat.list": async () => {
    const { chatResults } = await chat.list();
    const [found] = chatResults.filter((result) => result.chat.id === kept.chat);
    assert.ok(found.chat.name);
    assert.ok(found.chat.createTime > 0);
  },
  "client.chat.retrieve": async () => {
    const { chatResult } = await chat.retrieve({ id: kept.chat });
    const [question, answer] = chatResult.chat.messages;
    assert.equal(textOf(question), STOOK_QUESTION);
    assert.equal(textOf(answer), kept.text);
  },
  "client.chat.uploadFiles": async () => {
    const files = [
      { fileName: "lamp.md", content: utf8("# Lamp\n\nThe lamp oil is kept in cellar nine.\n") },
      { fileName: "rope.txt", content: new Blob(["The rope is forty fathoms long."]) },
    ];
    const uploaded = await chat.uploadFiles({ files });
    assert.deepEqual(uploaded.files.map((file) => file.name), ["lamp.md", "rope.txt"]);
    kept.files = uploaded.files.map((file) => file.id);
  },
  "client.chat.retrieveFiles": async () => {
    let states = [];
    for (let times = 0; times < PATIENCE; times += 1) {
      const { files } = await chat.retrieveFiles({ fileIds: kept.files });
      states = kept.files.map((id) => files[id].metadata.status);
      if (!states.includes("PROCESSING")) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.deepEqual(states, ["PROCESSED", "PROCESSED"]);
  },
  "client.chat.create with files": async () => {
    const messages = [
      {
        fragments: [{ text: "Where is the lamp oil kept?" }],
        uploadedFileIds: kept.files,
      },
    ];
    const message = (await chat.create({ messages })).messages.at(-1);
    assert.match(textOf(message), /cellar nine/);
    assert.equal(citationsOf(message)[0].sourceFile.id, kept.files[0]);
  },
  "client.chat.retrieveFile": async () => {
    const stream = await chat.retrieveFile(kept.files[1]);
    assert.equal(await new Response(stream).text(), "The rope is forty fathoms long.");
  },
  "client.chat.deleteFiles": async () => {
    assert.equal(await chat.deleteFiles({ fileIds: kept.files }), undefined);
    const { files } = await chat.retrieveFiles({ fileIds: kept.files });
    assert.deepEqual(files, {});
  },
  "client.chat.retrieveApplication": async () => {
    const { application } = await chat.retrieveApplication({ id: STOOK_APPLICATION });
    assert.ok(application);
  },
  "client.chat.create in an application": async () => {
    const answer = await chat.create(asked(STOOK_QUESTION, { applicationId: STOOK_APPLICATION }));
    assert.equal(textOf(answer.messages.at(-1)), kept.text);
  },
  "client.chat.delete": async () => {
    assert.equal(await chat.delete({ ids: [kept.chat] }), undefined);
    await assert.rejects(chat.retrieve({ id: kept.chat }), { statusCode: 404 });
  },
  "client.chat.deleteAll": async () => {
    const { chatId } = await chat.create(asked(STOOK_QUESTION, { saveChat: true }));
    assert.ok(chatId);
    assert.equal(await chat.deleteAll(), undefined);
    assert.deepEqual((await chat.list()).chatResults, []);
  },

  // --- companions --------------------------------------------------------------------------------
  "client.search.query": async () => {
    const found = await search.query({ query: STOOK_QUESTION, pageSize: 3 });
    assert.ok(found.results.length > 0 && found.results.length <= 3);
    assert.ok(found.results[0].url && found.results[0].snippets[0].text);
    assert.ok(found.requestID);
  },
  "client.search.query with a wrong facet": async () => {
    const requestOptions = {
      facetBucketSize: 5,
      facetFilters: [{ fieldName: "type", values: [{ value: "nothing", relationType: "EQUALS" }] }],
    };
    const { results } = await search.query({ query: STOOK_QUESTION, requestOptions });
    assert.deepEqual(results, []);
  },
  "client.search.autocomplete": async () => {
    const { results } = await search.autocomplete({ query: STOOK_QUESTION.slice(0, 6) });
    assert.ok(Array.isArray(results));
  },
  "client.search.recommendations": async () => {
    const sourceDocument = { id: kept.document.id, url: kept.document.url };
    const found = await search.recommendations({ sourceDocument });
    assert.ok(found.results.every((result) => result.url !== kept.document.url));
  },
  "client.search.retrieveFeed": async () => {
    const { results } = await search.retrieveFeed({ categories: ["RECENT"] });
    assert.ok(results.every((result) => result.category === "RECENT"));
  },
  "client.documents.retrieve": async () => {
    const { id, title } = kept.document;
    const asking = { documentSpecs: [{ id }], includeFields: ["DOCUMENT_CONTENT"] };
    const found = (await documents.retrieve(asking)).documents[id];
    assert.equal(found.title, title);
    assert.ok(found.content.fullTextList.join("").length > 0);
  },
  "client.documents.retrieveByFacets": async () => {
    const filterSets = [
      { filters: [{ fieldName: "app", values: [{ value: "handbook", relationType: "EQUALS" }] }] },
    ];
    const found = await documents.retrieveByFacets({ filterSets });
    assert.ok(found.documents.length > 0);
  },
  "client.documents.retrievePermissions": async () => {
    const asking = { documentId: kept.document.id };
    const { allowedUserEmails } = await documents.retrievePermissions(asking);
    assert.ok(allowedUserEmails.length > 0);
  },
  "client.documents.summarize": async () => {
    const found = await documents.summarize({ documentSpecs: [{ id: kept.document.id }] });
    assert.ok(found.summary.text.length > 0);
  },
  "client.entities.readPeople": async () => {
    const { results } = await entities.readPeople({});
    assert.ok(results[0].name && results[0].obfuscatedId);
  },
  "client.entities.list": async () => {
    const { results } = await entities.list({ entityType: "PEOPLE" });
    assert.ok(results.length > 0);
  },
  "client.activity.feedback": async () => {
    const given = { trackingTokens: ["token"], event: "UPVOTE" };
    assert.equal(await activity.feedback(given), undefined);
  },
  "client.activity.report": async () => {
    const event = { action: "VIEW", timestamp: new Date(), url: kept.document.url };
    assert.equal(await activity.report({ events: [event] }), undefined);
  },
  "client.authentication.createToken": async () => {
    const { token, expirationTime } = await authentication.createToken();
    assert.ok(token && expirationTime > Date.now() / 1000);
  },
  "client.authentication.checkDatasourceAuth": async () => {
    const { unauthorizedDatasourceInstances } = await authentication.checkDatasourceAuth();
    assert.deepEqual(unauthorizedDatasourceInstances, []);
  },
  "client.agents.list": async () => {
    const found = await agents.list({});
    assert.ok(found.agents.length > 0);
    kept.agent = (await agents.list({ name: "ask" })).agents[0] ?? found.agents[0];
  },
  "client.agents.retrieve": async () => {
    const found = await agents.retrieve(kept.agent.agent_id);
    assert.equal(found.name, kept.agent.name);
  },
  "client.agents.retrieveSchemas": async () => {
    const schemas = await agents.retrieveSchemas(kept.agent.agent_id);
    assert.equal(schemas.agent_id, kept.agent.agent_id);
  },
  "client.agents.run": async () => {
    const { run, messages } = await agents.run(running());
    assert.equal(run.status, "success");
    assert.ok(messages[0].content[0].text.length > 0);
    kept.run = messages[0].content[0].text;
  },
  "client.agents.runStream": async () => {
    const events = eventsOf(await agents.runStream(running()));
    const pieces = events.flatMap((event) => event.messages.flatMap((each) => each.content));
    assert.equal(pieces.map((piece) => piece.text).join(""), kept.run);
  },

  // --- the Platform API --------------------------------------------------------------------------
  "chat.create": async () => {
    const answer = await glean.chat.create({ input: STOOK_QUESTION });
    assert.equal(answer.status, "COMPLETED");
    assert.equal(answer.output[0].content[0].text, kept.text);
    assert.ok(answer.conversation_id && answer.request_id);
  },
  "chat.createStream": async () => {
    const stream = await glean.chat.createStream({
      input: STOOK_QUESTION,
      store: false,
      stream: true,
    });
    const events = [];
    for await (const event of stream) events.push(event.data);
    const pieces = events.filter((event) => event.type === "RESPONSE_OUTPUT_TEXT_DELTA");
    assert.equal(pieces.map((event) => event.delta).join(""), kept.text);
    assert.equal(events[0].type, "RESPONSE_CREATED");
    assert.equal(events.at(-1).type, "RESPONSE_COMPLETED");
  },
  "search.query": async () => {
    const found = await glean.search.query({ query: STOOK_QUESTION, page_size: 2 });
    assert.ok(found.results.length > 0 && found.results[0].snippets.length > 0);
    assert.equal(found.has_more, found.next_cursor !== null);
  },
  "search.listFilters": async () => {
    const { result } = await glean.search.listFilters();
    assert.ok(result.datasources.some((each) => each.datasource === "handbook"));
  },
  "agents.search": async () => {
    const found = await glean.agents.search({});
    assert.ok(found.agents.some((agent) => agent.agent_id === kept.agent.agent_id));
  },
  "agents.get": async () => {
    const { agent } = await glean.agents.get(kept.agent.agent_id);
    assert.equal(agent.name, kept.agent.name);
  },
  "agents.getSchemas": async () => {
    const schemas = await glean.agents.getSchemas(kept.agent.agent_id);
    assert.equal(schemas.agent_id, kept.agent.agent_id);
  },
  "agents.createRun": async () => {
    const { agent_id: _, ...request } = running();
    const answer = await glean.agents.createRun(request, kept.agent.agent_id);
    assert.equal(answer.run.status, "success");
    assert.equal(answer.messages[0].content[0].text, kept.run);
  },

  // --- errors ------------------------------------------------------------------------------------
  "an unknown token": async () => {
    const stranger = new Glean({ serverURL: STOOK_URL, apiToken: "unknown" });
    await assert.rejects(stranger.client.chat.list(), { statusCode: 401 });
  },
  "an unknown agent": async () => {
    await assert.rejects(
      glean.agents.get("none"),
      (error) => error instanceof errors.PlatformProblemDetailError && error.statusCode === 404,
    );
  },
};

function running() {
  const content = [{ text: STOOK_QUESTION, type: "text" }];
  return { agent_id: kept.agent.agent_id, messages: [{ role: "USER", content }] };
}

function eventsOf(stream) {
  return stream
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => JSON.parse(line.slice("data: ".length)));
}

for (const [name, call] of Object.entries(calls)) {
  let failure = null;
  try {
    await call();
  } catch (error) {
    failure = `${error.stack ?? error}\n${error.cause ?? ""}`;
  }
  process.stdout.write(`${JSON.stringify({ call: name, error: failure })}\n`);
}
