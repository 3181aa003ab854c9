// The signed tokens by which an action and the page it redirects to tell each other something.
import { createHmac, timingSafeEqual } from "node:crypto";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = (text, secret) => createHmac("sha256", secret).update(text).digest("base64url");

/** *payload* as a JSON Web Token, signed with HS256. */
export function sign(payload, secret) {
  if (typeof secret !== "string" || !secret) {
    throw new TypeError("a token is signed with a secret, and that is text");
  }
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(payload)}`;
  return `${text}.${signature(text, secret)}`;
}

/** The payload of a token that is whole, in time, and of *state*. Throws where it is not. */
export function verified(token, secret, state) {
  const [header, body, mark] = String(token ?? "").split(".");
  if (!mark || typeof secret !== "string" || !secret) {
    throw new Error("The session token is missing or malformed.");
  }
  const expected = Buffer.from(signature(`${header}.${body}`, secret));
  const found = Buffer.from(mark);
  const { alg } = JSON.parse(Buffer.from(header, "base64url"));
  if (alg !== "HS256" || found.length !== expected.length || !timingSafeEqual(found, expected)) {
    throw new Error("The session token is invalid: its signature does not fit.");
  }
  const payload = JSON.parse(Buffer.from(body, "base64url"));
  if (!(payload.exp > Date.now() / 1000)) {
    throw new Error("The session token is invalid: it has expired.");
  }
  if (payload.state !== state) {
    throw new Error("The session token is invalid: its state is not that of the redirect.");
  }
  return payload;
}
