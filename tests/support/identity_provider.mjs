// A certified OpenID provider in a process of its own, in which a test logs in under any name.
import { Provider } from "oidc-provider";

const [port, back, secret] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "scoretrail",
      client_secret: secret,
      redirect_uris: [back],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  pkce: { required: () => true },
  cookies: { keys: ["only-for-tests"] },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
