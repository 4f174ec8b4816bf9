// Makes a client from the description that a server gives, and calls every operation by its generated method.
// node drive.mjs ADDRESS TOKEN FOLDER, with the ids of what is there as JSON on standard input.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { generateApi } from "swagger-typescript-api";

const [address, token, folder] = process.argv.slice(2);
const there = JSON.parse(await text(process.stdin));
const headers = { Authorization: `Bearer ${token}` };

await mkdir(folder, { recursive: true });
const description = await (await fetch(`${address}/openapi/v1.json`, { headers })).json();
await generateApi({ spec: description, output: folder, fileName: "client.ts", toJS: true, silent: true, cleanOutput: false });
await writeFile(join(folder, "package.json"), '{"type":"module"}');
const { Api } = await import(pathToFileURL(join(folder, "client.js")));
const client = new Api({ baseUrl: address, baseApiParams: { headers } });

// Namespaces follow the addresses; the names of methods are the ids of operations.
const methods = Object.assign({}, ...Object.values(client).filter(v => v && typeof v === "object"));
const statuses = {};
async function call(name, ...values) {
  const answer = await methods[name](...values).catch(refused => refused);
  statuses[name] = answer.status ?? String(answer);
  return answer;
}

await call("getKeys");
await call("getWorkflowSchema");
await call("listWorkflows", {});
await call("getWorkflow", "generate", {});
await call("validateWorkflow", { content: "on: { manual: true }\n" });
await call("startRun", "generate", { idea: "# A client made it\n\nAs a caller I want to start a run." });
await call("listRuns", { limit: 2 });
await call("getRun", there.waiting);
await call("approveRun", there.waiting, { hash: "0123456789abcdef0123" });
await call("rejectRun", there.waiting, { reason: "no" });
await call("cancelRun", there.waiting, {});
await call("followRun", there.over);
await call("getRunLog", there.over, {});
await call("retryRun", there.over);
await call("listProjects", {});
await call("getProject", there.project);
await call("listFiles", there.project, {});
await call("getFile", there.project, "README.md");
const made = await call("createExport", there.project, { format: "zip" });
const archive = await (made.data ?? made).id;
await call("listExports", there.project);
await call("getExport", there.project, archive);
await call("getExportContent", there.project, archive);
const minted = await call("createToken", { name: "made by a client", role: "viewer", repository: "*" });
await call("listTokens", {});
await call("getToken", minted.data.id);
await call("revokeToken", minted.data.id);

console.log(JSON.stringify({ statuses, operations: Object.values(description.paths).flatMap(p => Object.values(p).map(o => o.operationId)) }));

// Answers that nobody read would keep their connections.
process.exit(0);
