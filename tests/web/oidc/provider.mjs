// node provider.mjs PORT REDIRECT_URI…: one client, PKCE is required, any name may log in.
// The page asks for a login and a level of assurance; a name that is a number is also the personal number.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
const load = createRequire(pathToFileURL(process.cwd() + "/"));
const { default: Provider } = await import(pathToFileURL(load.resolve("oidc-provider")));

const [port, ...redirects] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "dancu", client_secret: "only-for-tests-only-for-tests-123", redirect_uris: redirects,
    grant_types: ["authorization_code"], response_types: ["code"], token_endpoint_auth_method: "client_secret_basic",
  }],
  pkce: { required: () => true },
  acrValues: ["1", "2"],
  claims: { openid: ["sub", "personal_number"], acr: null, auth_time: null },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...(/^\d/.test(id) && { personal_number: id }) }),
  }),
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
  cookies: { keys: ["only-for-tests"] },
  ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 600, Session: 600, Grant: 600 },
});
const answer = provider.callback();
createServer(async (req, res) => {
  if (!req.url.startsWith("/interaction/")) return answer(req, res);
  if (req.method === "POST") {
    let body = "";
    for await (const part of req) body += part;
    const given = new URLSearchParams(body);
    const login = { accountId: given.get("login"), acr: given.get("level") || "2", remember: false };
    return provider.interactionFinished(req, res, { login }, { mergeWithLastSubmission: false });
  }
  res.setHeader("content-type", "text/html; charset=utf-8");
  res.end(`<!doctype html><title>e-ID</title><form method="post" action="${req.url}"><input type="hidden" name="prompt" value="login">
<label>login <input name="login"></label><label>level <input name="level" value="2"></label><button>OK</button></form>`);
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
