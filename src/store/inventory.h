#pragma once
// What an organisation tells us about itself and about the world: assets and networks, users, and reference
// files. Part of what store.h promises: one tenant, thread-safe, durable when a write returns.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "model/names.h"

namespace tocsin::store {

// What the store knows of a row; put() and replace() set id, version and updated_at.
struct RowMeta {
  std::string id;      // "AS-…", "US-…"
  std::string origin;  // "csv", "api"
  std::string updated_by;
  Timestamp updated_at{};
  std::int64_t version = 0;
};

// A host, or a network when one of its addresses is a block.
struct Asset {
  std::string name;                      // unique in the tenant, without case
  std::vector<std::string> hosts;        // other names; with or without domain
  std::vector<std::string> addresses;    // model/network.h reads each
  std::optional<model::AssetTier> tier;  // absent: not said
  std::string owner;
  std::string department;
  std::string zone;
  std::vector<std::string> tags;
  RowMeta meta{};
};

struct User {
  std::string name;  // unique in the tenant, without case
  std::string email;
  std::vector<std::string> aliases;  // "DOMAIN\\user", UPNs
  std::string department;
  std::string title;
  std::string manager;
  std::optional<bool> privileged;
  std::optional<model::AssetTier> tier;
  RowMeta meta{};
};

constexpr std::size_t kMaxInventoryRows = 100'000;  // of one table

enum class PutMode : std::uint8_t {
  kMerge,    // a row whose name the table has takes its place
  kReplace,  // the same, and rows that are not among them go
  kAdd,      // no name may be known
};

template <class Row>
class InventoryTable {
 public:
  virtual ~InventoryTable() = default;
  struct Outcome {
    std::int64_t created = 0;
    std::int64_t updated = 0;  // took the place of the row of that name, whose id stays
    std::int64_t removed = 0;  // only with kReplace
  };
  // Of rows with the same name the last counts. kInvalidInput beyond kMaxInventoryRows, kConflict at /name
  // for a known name with kAdd; nothing is stored then.
  virtual Result<Outcome> put(std::vector<Row> rows, PutMode mode) = 0;
  // kNotFound; kConflict when if_version is stale; kInvalidInput at /name when another row has the new name.
  virtual Result<Row> replace(std::string_view id, Row row, std::optional<std::int64_t> if_version) = 0;
  virtual Result<void> remove(std::string_view id, std::optional<std::int64_t> if_version) = 0;
  virtual Result<std::optional<Row>> find(std::string_view id) const = 0;
  virtual Result<std::optional<Row>> find_by_name(std::string_view name) const = 0;
  // By name, after that of a page before. `text`: what a field holds, without case; empty: all.
  virtual Result<std::vector<Row>> list(std::string_view text, std::string_view after_name,
                                        std::size_t limit) const = 0;
  virtual Result<std::int64_t> count(std::string_view text) const = 0;
};
using AssetTable = InventoryTable<Asset>;
using UserTable = InventoryTable<User>;

// A file that was uploaded whole: a warning list, the catalogue of exploited vulnerabilities.
struct ReferenceFile {
  ReferenceId id;
  std::string kind;     // "warning_list", "known_exploited"
  std::string name;     // unique among those of its kind
  std::string version;  // as the file says
  Timestamp as_of{};    // of its content
  Timestamp imported_at{};
  std::string imported_by;
  std::int64_t entries = 0;
  std::string body;  // left empty by list()
};
constexpr std::size_t kMaxReferenceFiles = 500;

class ReferenceStore {
 public:
  virtual ~ReferenceStore() = default;
  // Takes the place of the file of that kind and name. Sets id and imported_at.
  virtual Result<ReferenceFile> put(ReferenceFile file) = 0;
  virtual Result<std::vector<ReferenceFile>> list(std::string_view kind) const = 0;  // by name
  virtual Result<std::string> body(const ReferenceId& id) const = 0;                 // kNotFound
  virtual Result<void> remove(const ReferenceId& id) = 0;                            // kNotFound
};

}  // namespace tocsin::store
