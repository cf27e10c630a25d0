// node provider.mjs PORT REDIRECT_URI: one client, any name may log in, PKCE is required.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const load = createRequire(pathToFileURL(process.cwd() + "/"));
const { default: Provider } = await import(pathToFileURL(load.resolve("oidc-provider")));

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: "dancu", client_secret: "only-for-tests-only-for-tests-123", redirect_uris: [redirect],
    grant_types: ["authorization_code"], response_types: ["code"], token_endpoint_auth_method: "client_secret_basic",
  }],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["only-for-tests"] },
  ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 600, Session: 600, Grant: 600 },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
