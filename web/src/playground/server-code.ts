/** The same token, made where it belongs: on the developer's server. No library is needed, so none is asked for. */
import type { Wish } from './sign';

export type ServerLanguage = 'PHP' | 'JavaScript' | 'Python' | 'Ruby' | 'Java' | 'C#' | 'Go';
export const SERVER_LANGUAGES: ServerLanguage[] = ['PHP', 'JavaScript', 'Python', 'Ruby', 'Java', 'C#', 'Go'];

/** What stands in the code. The secret does not: it is read from where secrets are. */
export interface Facts {
  kid: string;
  kind: Wish['kind'];
  resource: string;
  /** JSON of the locked filters. */
  params: string;
  subject: string;
  seconds: number;
}

type Make = (facts: Facts) => string;

/** JSON's text is a literal in JavaScript, Python, Go, Java and C# as well; in PHP and Ruby `$` and `#{` would be read as code. */
const text = (value: string) => JSON.stringify(value);
const single = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const php: Make = ({ kid, kind, resource, params, subject, seconds }) => `<?php
function cloison_token(): string {
    $part = fn(string $data): string => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    $head = json_encode(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => ${single(kid)}]);
    $claims = json_encode([
        'resource' => [${single(kind)} => ${single(resource)}],
        'params' => json_decode(${single(params)}),          // locked filters${subject === '' ? '' : `\n        'sub' => ${single(subject)},`}
        'exp' => time() + ${seconds},
    ]);
    $token = $part($head) . '.' . $part($claims);
    return $token . '.' . $part(hash_hmac('sha256', $token, getenv('CLOISON_EMBED_SECRET'), true));
}

header('Content-Type: application/json');
header('Cache-Control: no-store');
echo json_encode(['token' => cloison_token()]);
`;

const javascript: Make = ({ kid, kind, resource, params, subject, seconds }) => `import { createHmac } from "node:crypto";

const part = (data) => Buffer.from(JSON.stringify(data)).toString("base64url");

export function cloisonToken() {
  const token = part({ alg: "HS256", typ: "JWT", kid: ${text(kid)} }) + "." + part({
    resource: { ${kind}: ${text(resource)} },
    params: ${params},                                   // locked filters${subject === '' ? '' : `\n    sub: ${text(subject)},`}
    exp: Math.floor(Date.now() / 1000) + ${seconds},
  });
  const signature = createHmac("sha256", process.env.CLOISON_EMBED_SECRET).update(token).digest("base64url");
  return \`\${token}.\${signature}\`;
}

// app.get("/reports/token", signedIn, (request, response) => response.json({ token: cloisonToken() }));
`;

const python: Make = ({ kid, kind, resource, params, subject, seconds }) => `import base64, hashlib, hmac, json, os, time

def cloison_token():
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    token = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": ${text(kid)}}).encode()) + "." + part(json.dumps({
        "resource": {${text(kind)}: ${text(resource)}},
        "params": json.loads(${text(params)}),           # locked filters${subject === '' ? '' : `\n        "sub": ${text(subject)},`}
        "exp": int(time.time()) + ${seconds},
    }).encode())
    secret = os.environ["CLOISON_EMBED_SECRET"].encode()
    return token + "." + part(hmac.new(secret, token.encode(), hashlib.sha256).digest())
`;

const ruby: Make = ({ kid, kind, resource, params, subject, seconds }) => `require "base64"
require "json"
require "openssl"

def cloison_token
  part = ->(data) { Base64.urlsafe_encode64(data, padding: false) }
  token = part.(JSON.generate(alg: "HS256", typ: "JWT", kid: ${single(kid)})) + "." + part.(JSON.generate(
    resource: { ${kind}: ${single(resource)} },
    params: JSON.parse(${single(params)}),               # locked filters${subject === '' ? '' : `\n    sub: ${single(subject)},`}
    exp: Time.now.to_i + ${seconds}
  ))
  token + "." + part.(OpenSSL::HMAC.digest("SHA256", ENV.fetch("CLOISON_EMBED_SECRET"), token))
end
`;

/** In Java and C# the claims are one JSON text with a hole for the time. */
function claims({ kind, resource, params, subject }: Facts): string {
  const who = subject === '' ? '' : `,"sub":${JSON.stringify(subject)}`;
  return `{"resource":{"${kind}":${JSON.stringify(resource)}},"params":${params}${who},"exp":`;
}

const java: Make = (facts) => `import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Cloison {
    static String part(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    static String token() throws Exception {
        var head = ${text(`{"alg":"HS256","typ":"JWT","kid":${JSON.stringify(facts.kid)}}`)};
        // "params" are the locked filters.
        var claims = ${text(claims(facts))} + (Instant.now().getEpochSecond() + ${facts.seconds}) + "}";
        var token = part(head.getBytes(StandardCharsets.UTF_8)) + "." + part(claims.getBytes(StandardCharsets.UTF_8));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(System.getenv("CLOISON_EMBED_SECRET").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return token + "." + part(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    }
}
`;

const csharp: Make = (facts) => `using System.Security.Cryptography;
using System.Text;

static class Cloison
{
    static string Part(byte[] data) => Convert.ToBase64String(data).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Token()
    {
        var head = ${text(`{"alg":"HS256","typ":"JWT","kid":${JSON.stringify(facts.kid)}}`)};
        // "params" are the locked filters.
        var claims = ${text(claims(facts))} + (DateTimeOffset.UtcNow.ToUnixTimeSeconds() + ${facts.seconds}) + "}";
        var token = Part(Encoding.UTF8.GetBytes(head)) + "." + Part(Encoding.UTF8.GetBytes(claims));
        var secret = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("CLOISON_EMBED_SECRET")!);
        return token + "." + Part(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(token)));
    }
}
`;

const go: Make = ({ kid, kind, resource, params, subject, seconds }) => `package cloison

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"time"
)

func Token() (string, error) {
	part := base64.RawURLEncoding.EncodeToString
	head, err := json.Marshal(map[string]any{"alg": "HS256", "typ": "JWT", "kid": ${text(kid)}})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"resource": map[string]string{${text(kind)}: ${text(resource)}},
		"params":   json.RawMessage(${text(params)}), // locked filters${subject === '' ? '' : `\n\t\t"sub":      ${text(subject)},`}
		"exp":      time.Now().Unix() + ${seconds},
	})
	if err != nil {
		return "", err
	}
	token := part(head) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(os.Getenv("CLOISON_EMBED_SECRET")))
	mac.Write([]byte(token))
	return token + "." + part(mac.Sum(nil)), nil
}
`;

const MAKE: Record<ServerLanguage, Make> = { PHP: php, JavaScript: javascript, Python: python, Ruby: ruby, Java: java, 'C#': csharp, Go: go };

export function serverCode(language: ServerLanguage, facts: Facts): string {
  return MAKE[language](facts);
}
