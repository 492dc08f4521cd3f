#include "app/audit_verify.h"

#include <chrono>
#include <fstream>
#include <iterator>

#include "app/audit_heads.h"
#include "app/commands/commands.h"
#include "store/audit_json.h"
#include "store/sqlite/audit_file.h"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;
using store::AnchoredHead;
using store::TenantId;

// The heads that lie outside of the database, and the keys that they may be signed with.
struct Anchors {
  std::vector<AnchoredHead> heads;
  std::vector<PublicKey> keys;
};

Error unreadable(const fs::path& file) {
  return error(ErrorKind::kUnavailable, "verify the audit", file.string() + " cannot be read");
}

// Absent when there is none yet. It is never made here.
Result<std::optional<PublicKey>> own_key(const fs::path& data_dir) {
  const auto file = data_dir / kSigningKeyFile;
  std::error_code trouble;
  if (!fs::exists(file, trouble)) return std::optional<PublicKey>();
  TOCSIN_TRY(key, SigningKey::open(file));
  return PublicKey::parse(key.public_pem());
}

// A directory that was restored without its keys is judged by the key that was exported.
Result<void> add_exported(const fs::path& file, Anchors& anchors, store::ChainReport& report) {
  const bool has_own_key = !anchors.keys.empty();
  std::ifstream in(file, std::ios::binary);
  if (!in) return unreadable(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  TOCSIN_TRY(exported, store::parse_heads(text));
  for (const auto& pem : exported.public_keys) {
    auto key = PublicKey::parse(pem);
    if (!key)
      return error(ErrorKind::kInvalidInput, "verify the audit", file.string() + " holds no Ed25519 key");
    const bool known = std::any_of(anchors.keys.begin(), anchors.keys.end(), [&](const PublicKey& other) {
      return other.fingerprint() == key->fingerprint();
    });
    if (known) continue;
    if (has_own_key)
      report.add(store::ChainFault{.what = "the signing key of the data directory is not that of " +
                                           file.string() + ": it was replaced"});
    anchors.keys.push_back(*std::move(key));
  }
  for (auto& head : exported.heads) anchors.heads.push_back({std::move(head), file.string()});
  return {};
}

Result<Anchors> read_anchors(const fs::path& data_dir, const fs::path& heads_file,
                             store::ChainReport& report) {
  Anchors anchors;
  TOCSIN_TRY(key, own_key(data_dir));
  if (key) anchors.keys.push_back(*std::move(key));
  TOCSIN_TRY(beside, read_heads_file(data_dir / kAuditHeadsFile, std::string(kAuditHeadsFile)));
  anchors.heads = std::move(beside);
  if (!heads_file.empty()) TOCSIN_CHECK(add_exported(heads_file, anchors, report));
  return anchors;
}

// Those of the database, and those of which only a head outside still speaks.
Result<std::vector<TenantId>> tenants_of(store::AuditFile& file, const Anchors& anchors) {
  TOCSIN_TRY(tenants, file.tenants());
  for (const auto& [head, place] : anchors.heads) {
    if (std::find(tenants.begin(), tenants.end(), head.tenant) == tenants.end())
      tenants.push_back(head.tenant);
  }
  return tenants;
}

}  // namespace

// The anchors are read first: what a running server signs after that is of records not looked at.
Result<AuditVerification> verify_audit(const fs::path& data_dir, const fs::path& heads_file,
                                       const std::function<void(std::int64_t)>& progress) {
  const auto start = std::chrono::steady_clock::now();
  AuditVerification done;
  TOCSIN_TRY(anchors, read_anchors(data_dir, heads_file, done.report));
  TOCSIN_TRY(file, store::AuditFile::open((data_dir / kDatabaseFile).string()));
  TOCSIN_TRY(tenants, tenants_of(*file, anchors));
  std::int64_t records = 0;
  for (const auto tenant : tenants) {
    const auto told = [&](std::size_t some) {
      records += static_cast<std::int64_t>(some);
      progress(records);
      return true;
    };
    TOCSIN_TRY(report,
               store::check_chain({tenant, &file->reader(tenant), true}, anchors.heads, anchors.keys, told));
    done.report.add(std::move(report));
  }
  done.tenants = static_cast<std::int64_t>(tenants.size());
  done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return done;
}

Result<std::int64_t> export_audit(const fs::path& data_dir, std::FILE* out) {
  TOCSIN_TRY(file, store::AuditFile::open((data_dir / kDatabaseFile).string()));
  TOCSIN_TRY(tenants, file->tenants());
  std::int64_t records = 0;
  bool written = true;
  for (const auto tenant : tenants) {
    TOCSIN_CHECK(file->reader(tenant).scan(0, [&](std::span<const store::AuditRecord> some) {
      std::string lines;
      for (const auto& record : some) {
        JsonWriter json(lines);
        store::write_audit_record(json, record);
        lines += '\n';
      }
      records += static_cast<std::int64_t>(some.size());
      written = written && std::fwrite(lines.data(), 1, lines.size(), out) == lines.size();
      return written;
    }));
  }
  if (!written || std::fflush(out) != 0)
    return error(ErrorKind::kStorageFull, "export the audit", "the output cannot be written");
  return records;
}

}  // namespace tocsin::app
