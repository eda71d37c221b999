// Whether `jose` verifies a JSON Web Signature: a request a line, {"jws", "key"}; an answer a line, {"ok", "why"}.
import { createPublicKey } from "node:crypto";
import { createInterface } from "node:readline";
import { compactVerify, generalVerify, flattenedVerify } from "jose";

async function verify({ jws, key }) {
  const publicKey = createPublicKey(key);
  if (!jws.startsWith("{")) return compactVerify(jws, publicKey);
  const whole = JSON.parse(jws);
  return whole.signatures ? generalVerify(whole, publicKey) : flattenedVerify(whole, publicKey);
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer = { ok: true, why: "" };
  try {
    await verify(JSON.parse(line));
  } catch (error) {
    answer = { ok: false, why: error.code ?? String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
