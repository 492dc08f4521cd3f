#pragma once
// A signed statement of where a tenant's audit chain stood: what anchors the chain outside of the database.
// Whoever has the head of yesterday can tell that today's database was rolled back or written anew.
//
// As text a head is one JSON object on one line: {"tenant":1,"number":42,"hash":"…","at":"…","at_ns":…,
// "key":"…","signature":"…"}; hash, key and signature are hex.
//
// Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/signing_key.h"
#include "store/audit.h"

namespace tocsin::store {

struct AuditHead {
  TenantId tenant;
  std::int64_t number = 0;  // of the record that it names
  std::string hash;         // 32 bytes: of that record
  Timestamp at{};           // when it was signed
  std::string key;          // fingerprint of the key
  std::string signature;    // 64 bytes: Ed25519 over message_of(head)
};

// A fixed word, then tenant, number and time as 8 bytes each, little-endian, then the hash.
std::string message_of(const AuditHead& head);
Result<AuditHead> sign_head(const ChainEnd& end, Timestamp now, const SigningKey& key);
bool is_signed_by(const AuditHead& head, const PublicKey& key);

std::string to_json_line(const AuditHead& head);  // without a line feed

struct HeadsFile {
  std::vector<AuditHead> heads;
  std::vector<std::string> public_keys;  // PEM, as the file claims
};
// Heads one a line (audit-heads.jsonl), or the document of GET /api/v1/audit/heads. A last line that does not
// end is left out: a power cut leaves one. kInvalidSyntax with the line for anything else.
Result<HeadsFile> parse_heads(std::string_view text);

}  // namespace tocsin::store
