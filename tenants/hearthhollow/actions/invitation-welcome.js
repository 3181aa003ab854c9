/**
 * Tells the shop that somebody who was invited has an account now, so that the basket they were
 * invited to is theirs. The Invitation Service notes the invitation in app_metadata.
 */
exports.onExecutePostUserRegistration = async (event) => {
  const invitation = event.user.app_metadata?.invitation;
  if (!invitation) {
    return;
  }
  const answer = await fetch(
    `${event.secrets.SHOP_API_URL}/invitations/${encodeURIComponent(invitation)}/accepted`,
    {
      method: "POST",
      headers: {
        Authorization: `Bearer ${event.secrets.SHOP_API_TOKEN}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ user_id: event.user.user_id }),
      signal: AbortSignal.timeout(5000),
    },
  );
  if (!answer.ok) {
    throw new Error(`The shop answered ${answer.status} to an accepted invitation.`);
  }
};
