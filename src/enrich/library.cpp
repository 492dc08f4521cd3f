#include "enrich/library.h"

#include <algorithm>
#include <fstream>

namespace tocsin::enrich {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 64U << 20;
constexpr std::size_t kMaxFiles = 1'000;  // of one kind
constexpr std::size_t kPage = 5'000;
constexpr std::string_view kExploitedFile = "known_exploited_vulnerabilities.json";

constexpr std::string_view kPartNames[kParts] = {"assets",        "users",           "intel",
                                                 "warning_lists", "known_exploited", "geoip"};

void say(std::string& note, std::string what) {
  if (note.size() < 2000) note += (note.empty() ? "" : "; ") + what;
}

Result<std::string> read_file(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed) return error(ErrorKind::kNotFound, "read a file", failed.message(), "", file.string());
  if (size > kMaxFileBytes)
    return error(ErrorKind::kTooLarge, "read a file", "it has more than 64 MiB", "", file.string());
  std::ifstream in(file, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in) return error(ErrorKind::kUnavailable, "read a file", "it cannot be read", "", file.string());
  return text;
}

// Files with that ending below a folder, by name; links to folders are not followed.
std::vector<fs::path> files_below(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().extension() == ending && files.size() < kMaxFiles) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

template <class Row>
Result<std::vector<Row>> all_rows(const store::InventoryTable<Row>& table, PartStatus& status) {
  std::vector<Row> rows;
  for (;;) {
    TOCSIN_TRY(page, table.list("", rows.empty() ? std::string_view() : rows.back().name, kPage));
    const bool last = page.size() < kPage;
    for (auto& row : page) {
      status.as_of = std::max(status.as_of, row.meta.updated_at);
      rows.push_back(std::move(row));
    }
    if (last || rows.size() >= store::kMaxInventoryRows) break;
  }
  status.entries = static_cast<std::int64_t>(rows.size());
  if (rows.empty()) status.note = "the table is empty";
  return rows;
}

Result<void> add_entries(const store::IntelStore& intel, const IntelListId& list, IntelIndex& index) {
  for (std::int64_t after = 0;;) {
    TOCSIN_TRY(page, intel.entries(list, after, kPage));
    for (const auto& numbered : page) index.add(numbered.second);
    if (page.size() < kPage) return {};
    after = page.back().first;
  }
}

}  // namespace

std::string_view to_text(Part part) {
  return kPartNames[static_cast<std::size_t>(part)];
}

std::string_view to_text(Origin origin) {
  constexpr std::array<std::string_view, 3> kNames{"shipped", "directory", "uploaded"};
  return kNames[static_cast<std::size_t>(origin)];
}

const std::array<Library::Builder, kParts> Library::kBuilders{
    &Library::build_assets,   &Library::build_users,     &Library::build_intel,
    &Library::build_warnings, &Library::build_exploited, &Library::build_geo};

Library::Library(store::TenantStore& store, const Clock& clock, fs::path directory)
    : store_(store),
      clock_(clock),
      directory_(std::move(directory)),
      current_(std::make_shared<const Knowledge>()) {
  for (std::size_t i = 0; i < kParts; ++i) {
    status_[i].part = static_cast<Part>(i);
    status_[i].note = "not loaded yet";
  }
}

Result<void> Library::load() {
  for (std::size_t i = 0; i < kParts; ++i) TOCSIN_CHECK(reload(static_cast<Part>(i)));
  return {};
}

std::shared_ptr<const Knowledge> Library::knowledge() const {
  const std::scoped_lock lock(current_mutex_);
  return current_;
}

Result<void> Library::reload(Part part) {
  const auto index = static_cast<std::size_t>(part);
  const auto mine = ++wanted_[index];
  const std::scoped_lock one(building_);
  if (built_[index] >= mine) return {};
  const auto newest = wanted_[index].load();  // before the store is read
  TOCSIN_CHECK(build(part));
  built_[index] = newest;
  return {};
}

Result<void> Library::build(Part part) {
  auto next = std::make_shared<Knowledge>(*knowledge());
  const auto index = static_cast<std::size_t>(part);
  TOCSIN_TRY(status, (this->*kBuilders[index])(*next));
  status.part = part;
  status.loaded_at = clock_.now();
  {
    const std::scoped_lock lock(current_mutex_);
    current_ = std::move(next);
  }
  const std::scoped_lock lock(status_mutex_);
  status_[index] = std::move(status);
  return {};
}

std::vector<PartStatus> Library::status() const {
  const std::scoped_lock lock(status_mutex_);
  return {status_.begin(), status_.end()};
}

Result<PartStatus> Library::build_assets(Knowledge& next) const {
  PartStatus status;
  TOCSIN_TRY(rows, all_rows(store_.assets(), status));
  next.assets = std::make_shared<const AssetIndex>(std::move(rows));
  return status;
}

Result<PartStatus> Library::build_users(Knowledge& next) const {
  PartStatus status;
  TOCSIN_TRY(rows, all_rows(store_.users(), status));
  next.users = std::make_shared<const UserIndex>(std::move(rows));
  return status;
}

Result<PartStatus> Library::build_intel(Knowledge& next) const {
  PartStatus status;
  TOCSIN_TRY(lists, store_.intel().lists());
  std::sort(lists.begin(), lists.end(),
            [](const auto& a, const auto& b) { return a.produced_at > b.produced_at; });
  auto index = std::make_shared<IntelIndex>();
  for (const auto& list : lists) {
    index->add_list(list);
    TOCSIN_CHECK(add_entries(store_.intel(), list.id, *index));
  }
  status.entries = static_cast<std::int64_t>(index->size());
  status.as_of = index->newest();
  if (lists.empty()) status.note = "no list was imported";
  if (index->left_out() > 0)
    status.note = std::to_string(index->left_out()) +
                  " indicators of the oldest lists are beyond the bound of " +
                  std::to_string(kMaxIntelInMemory) + " and are not asked";
  next.intel = std::move(index);
  return status;
}

Result<PartStatus> Library::build_warnings(Knowledge& next) const {
  PartStatus status;
  auto index = std::make_shared<WarningIndex>();
  const auto add = [&](WarningList list, Timestamp otherwise, std::string origin) {
    if (list.as_of == Timestamp{}) list.as_of = otherwise;
    status.as_of = std::max(status.as_of, list.as_of);
    if (list.left_out > 0) say(status.note, list.name + ": " + std::to_string(list.left_out) + " left out");
    index->add(std::move(list), std::move(origin));
  };
  for (auto& list : shipped_warning_lists()) add(std::move(list), {}, "shipped");
  TOCSIN_TRY(uploaded, store_.references().list(kWarningListKind));
  for (const auto& file : uploaded) {
    TOCSIN_TRY(body, store_.references().body(file.id));
    auto list = read_warning_list(body);
    if (list) add(*std::move(list), file.imported_at, "uploaded");
  }
  for (const auto& file : files_below(directory_ / "warning-lists", ".json")) {
    const auto body = read_file(file);
    auto list = body ? read_warning_list(*body) : Result<WarningList>(body.error());
    if (list) {
      add(*std::move(list), clock_.now(), file.string());
    } else {
      say(status.note, file.string() + ": " + list.error().message);
    }
  }
  index->seal();
  for (const auto& info : index->lists()) status.entries += static_cast<std::int64_t>(info.values);
  next.warnings = std::move(index);
  return status;
}

Result<PartStatus> Library::build_exploited(Knowledge& next) const {
  PartStatus status;
  auto catalogue = shipped_exploited();
  status.origin = Origin::kShipped;
  const auto file = read_file(directory_ / kExploitedFile);
  if (auto read = file ? read_exploited(*file) : Result<ExploitedCatalogue>(file.error())) {
    catalogue = *std::move(read);
    status.origin = Origin::kDirectory;
  } else if (file || file.error().kind != ErrorKind::kNotFound) {
    say(status.note, std::string(kExploitedFile) + ": " + read.error().message);
  }
  TOCSIN_TRY(uploaded, store_.references().list(kExploitedKind));
  if (!uploaded.empty()) {
    TOCSIN_TRY(body, store_.references().body(uploaded.front().id));
    if (auto read = read_exploited(body)) {
      catalogue = *std::move(read);
      status.origin = Origin::kUploaded;
    }
  }
  const bool shipped = status.origin == Origin::kShipped;
  if (shipped) say(status.note, "only the shipped ids are known, without due dates");
  status.entries = static_cast<std::int64_t>(catalogue.items.size());
  status.version = catalogue.version;
  status.as_of = catalogue.as_of;
  next.exploited = std::make_shared<const ExploitedIndex>(std::move(catalogue),
                                                          shipped ? "cisa_kev (shipped ids)" : "cisa_kev");
  return status;
}

Result<PartStatus> Library::build_geo(Knowledge& next) const {
  PartStatus status;
  auto databases = std::make_shared<std::vector<GeoDatabase>>();
  for (const auto& file : files_below(directory_, ".mmdb")) {
    auto opened = GeoDatabase::open(file);
    if (!opened) {
      say(status.note, file.string() + ": " + opened.error().message);
      continue;
    }
    status.as_of = std::max(status.as_of, opened->built_at());
    status.version += (status.version.empty() ? "" : ", ") + opened->type();
    databases->push_back(*std::move(opened));
  }
  status.entries = static_cast<std::int64_t>(databases->size());
  if (databases->empty())
    say(status.note, "no geo database: put a .mmdb file into " + directory_.string() + " and reload");
  next.geo = std::move(databases);
  return status;
}

}  // namespace tocsin::enrich
