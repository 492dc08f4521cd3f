#pragma once
// Keeps the compiled knowledge: builds it from the store and from files of the operator, and replaces it when
// they change. Asking takes no lock that a change holds.
//
//   DIRECTORY/*.mmdb                                   geo databases
//   DIRECTORY/warning-lists/**.json                    a checkout of misp-warninglists, or single lists
//   DIRECTORY/known_exploited_vulnerabilities.json     CISA's catalogue; an uploaded one goes before it
//
// Thread-safe.

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "enrich/enrich.h"
#include "store/store.h"

namespace tocsin::enrich {

enum class Part : std::uint8_t { kAssets, kUsers, kIntel, kWarnings, kExploited, kGeo };
constexpr std::size_t kParts = 6;
std::string_view to_text(Part part);  // assets users intel warning_lists known_exploited geoip

constexpr std::string_view kWarningListKind = "warning_list";  // of store::ReferenceFile
constexpr std::string_view kExploitedKind = "known_exploited";

// Where the catalogue of exploited vulnerabilities in use is from.
enum class Origin : std::uint8_t { kShipped, kDirectory, kUploaded };
std::string_view to_text(Origin origin);  // shipped directory uploaded

// What one part holds at the moment.
struct PartStatus {
  Part part = Part::kAssets;
  std::optional<Origin> origin;  // of the catalogue; the other parts have rows and files of several
  std::int64_t entries = 0;
  std::string version;
  Timestamp as_of{};  // of the newest thing in it; the epoch: not known
  Timestamp loaded_at{};
  std::string note;  // what is missing or left out, in words; empty when all is well
};

class Library {
 public:
  // What it borrows outlives it. `directory` need not exist.
  Library(store::TenantStore& store, const Clock& clock, std::filesystem::path directory);

  // Builds every part. A file that cannot be read is left out and said in the part's note; an error is the
  // store's.
  Result<void> load();
  // Builds one part anew after a change. The old one stays when that fails. Calls that come while one builds
  // share the next.
  Result<void> reload(Part part);

  std::shared_ptr<const Knowledge> knowledge() const;
  std::vector<PartStatus> status() const;

 private:
  using Builder = Result<PartStatus> (Library::*)(Knowledge&) const;
  static const std::array<Builder, kParts> kBuilders;
  Result<void> build(Part part);
  Result<PartStatus> build_assets(Knowledge& next) const;
  Result<PartStatus> build_users(Knowledge& next) const;
  Result<PartStatus> build_intel(Knowledge& next) const;
  Result<PartStatus> build_warnings(Knowledge& next) const;
  Result<PartStatus> build_exploited(Knowledge& next) const;
  Result<PartStatus> build_geo(Knowledge& next) const;

  store::TenantStore& store_;
  const Clock& clock_;
  const std::filesystem::path directory_;
  std::array<std::atomic<std::uint64_t>, kParts> wanted_{};
  std::mutex building_;                        // one change at a time
  std::array<std::uint64_t, kParts> built_{};  // the last wish that each part has in it
  mutable std::mutex status_mutex_;
  std::array<PartStatus, kParts> status_;
  mutable std::mutex current_mutex_;  // held for the copy of a pointer
  std::shared_ptr<const Knowledge> current_;
};

}  // namespace tocsin::enrich
