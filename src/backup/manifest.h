#pragma once
// What a backup says of itself: the last member of its archive, manifest.json.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::backup {

constexpr int kFormat = 1;
constexpr std::string_view kManifestName = "manifest.json";

struct Member {
  std::string name;
  std::uint64_t bytes = 0;
  unsigned mode = 0600;
  std::string sha256;  // hex
};

struct LeftOut {
  std::string name;
  std::string why;
};

struct Tenant {
  std::int64_t id = 0;
  std::string name;
  std::int64_t alerts = 0;  // without those that are only in the ingest journal
  std::int64_t incidents = 0;
};

struct Manifest {
  int format = kFormat;
  std::string version;     // of the program that made it
  std::string created_at;  // RFC 3339
  int schema = 0;
  std::string state_hash;  // of the database, before the journal is appended (store/sqlite/state_hash.h)
  bool with_keys = false;
  std::vector<Tenant> tenants;
  std::vector<Member> members;  // in the order of the archive
  std::vector<LeftOut> left_out;
};

std::string to_json(const Manifest& manifest);
// kInvalidSyntax for what is no manifest, kUnsupported for a format of a later release.
Result<Manifest> manifest_from(std::string_view json);

}  // namespace tocsin::backup
