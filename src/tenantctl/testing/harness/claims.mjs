// Which claims Auth0 leaves out of tokens although an action sets them: "Create Custom Claims" in its
// documentation. The transaction goes on; the claim is not there.
const RESTRICTED = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty
  dest entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act
  mky nbf nonce object_id org_id org_name orig origid permissions roles rph s_hash sid sip_callid
  sip_cseq_num sip_date sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256`.split(/\s+/),
);
const RESERVED = ["auth0.com", "webtask.io", "webtask.run"];
const LARGEST = 100 * 1024;

/** Why a claim of this name is left out of a token for *audience*; nothing if it is not. */
export function leftOut(name, token, audience) {
  if (RESTRICTED.has(name)) {
    return `${name} is a restricted claim`;
  }
  if (/^urn:auth0(:|$)/i.test(name)) {
    return "urn:auth0 is no namespace of yours";
  }
  const host = /^https?:\/\//i.test(name) && URL.canParse(name) ? new URL(name).hostname : "";
  const reserved = RESERVED.find((each) => host === each || host.endsWith(`.${each}`));
  if (reserved) {
    return `${reserved} is no namespace of yours`;
  }
  if (token === "accessToken" && !host && /^https:\/\/[^/]+\.auth0\.com\/api\/v2\/$/.test(audience ?? "")) {
    return "an access token for an API of Auth0's own has no claims without a namespace";
  }
  return "";
}

/** Throws where the claims of a token are larger than Auth0 lets them be. */
export function weigh(claims, token) {
  const size = Buffer.byteLength(JSON.stringify(claims));
  if (size > LARGEST) {
    throw new Error(`the custom claims of ${token} take ${size} bytes; Auth0 fails the login above ${LARGEST}`);
  }
}
