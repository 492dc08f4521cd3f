#include "app/upload_desk.h"

#include <future>

#include "api/dto/upload_dto.h"
#include "app/spool_file.h"
#include "ingest/digest.h"

namespace tocsin::app {
namespace {

using api::UploadReport;
using State = UploadReport::State;
using store::AppendKind;

constexpr std::string_view kAuto = "auto";
constexpr std::chrono::milliseconds kRetryPause{50};
constexpr std::chrono::milliseconds kDiskPause{2000};
constexpr std::chrono::seconds kIdleWait{1};
constexpr std::size_t kIdDigits = 24;
constexpr std::size_t kMaxReason = 300;

// Nothing is wrong with the file: what was stored is noted, and reading goes on from there.
bool is_broken_off(ErrorKind kind) {
  return kind == ErrorKind::kUnavailable || kind == ErrorKind::kStorageFull;
}

Error too_many() {
  return error(ErrorKind::kBusy, "upload", "too many files are waiting", "Send it again after Retry-After.");
}

void describe(UploadReport& report, const ingest::FileShape& shape) {
  report.source = shape.source;
  report.format = ingest::to_text(shape.kind);
  report.detected = shape.detected;
  report.confidence = shape.confidence;
  report.why = shape.why;
  report.ignored_columns = shape.ignored_columns;
}

Error stopping() {
  return error(ErrorKind::kUnavailable, "upload", "the server is stopping", "Send the file again.");
}

bool is_id(std::string_view id) {
  return id.size() == 3 + kIdDigits && id.starts_with("UP-") &&
         id.find_first_not_of("0123456789abcdef", 3) == id.npos;
}

// Reports share a bounded number of places; a newer file may take the place of an older one.
std::string setting_key(std::string_view id) {
  const auto number = std::stoul(std::string(id.substr(3, 4)), nullptr, 16);
  return "upload." + std::to_string(number % UploadDesk::kKeptReports);
}

std::string id_of(std::string_view source, std::string_view sha256) {
  return "UP-" + ingest::sha256_hex(std::string(source) + '\n' + std::string(sha256)).substr(0, kIdDigits);
}

// The same file once more: nothing new, whatever it held.
UploadReport as_repeat(UploadReport report) {
  report.duplicates += report.alerts + report.occurrences + report.events;
  report.alerts = report.occurrences = report.events = 0;
  report.repeat = true;
  return report;
}

bool is_alert(const ingest::Record& record) {
  return record.kind == model::RecordKind::kAlert;
}

void count(UploadReport& report, const api::Pipeline::Reply& reply) {
  for (const auto& item : reply.items) {
    report.alerts += item.kind == AppendKind::kCreated ? 1U : 0U;
    report.occurrences += item.kind == AppendKind::kOccurrence ? 1U : 0U;
    report.duplicates += item.kind == AppendKind::kDuplicate ? 1U : 0U;
    auto& ids = report.alert_ids;
    const bool listed = ids.size() >= UploadReport::kMaxAlerts ||
                        std::find(ids.begin(), ids.end(), item.id.str()) != ids.end();
    if (!listed) ids.push_back(item.id.str());
  }
}

}  // namespace

UploadDesk::UploadDesk(Pipeline& pipeline, store::TenantStore& store, const Clock& clock,
                       std::filesystem::path directory)
    : pipeline_(pipeline), store_(store), clock_(clock), directory_(std::move(directory)) {}

UploadDesk::~UploadDesk() {
  stop();
}

void UploadDesk::start_reading() {
  find_spooled();
  receiver_ = std::jthread([this] {
    while (!waiting_.closed() || waiting_.size() > 0) {
      if (auto next = waiting_.pop(kIdleWait)) receive(*std::move(next));
    }
  });
  reader_ = std::jthread([this] {
    while (!spooled_.closed()) {
      if (const auto id = spooled_.pop(kIdleWait)) read_spooled_or_later(*id);
    }
  });
}

void UploadDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopping_changed_.notify_all();
  waiting_.close();
  spooled_.close();
  if (receiver_.joinable()) receiver_.join();
  if (reader_.joinable()) reader_.join();
}

void UploadDesk::start(Upload upload, Done done) {
  Waiting waiting{std::move(upload), done};
  if (waiting_.try_push(std::move(waiting))) return;
  if (waiting_.closed()) return done(stopping());
  done(too_many());
}

void UploadDesk::receive(Waiting waiting) {
  waiting.done(answer_or_failure(std::move(waiting.upload)));
}

// What throws inside (memory, in the end) must not take the other threads' work with it.
Result<UploadReport> UploadDesk::answer_or_failure(Upload upload) {
  try {
    return answer_for(std::move(upload));
  } catch (const std::exception& thrown) {
    return error(ErrorKind::kUnavailable, "upload",
                 "the file could not be read: " + std::string(thrown.what()),
                 "Send it again, or in smaller pieces.");
  }
}

Result<UploadReport> UploadDesk::answer_for(Upload upload) {
  UploadReport report;
  report.filename = std::move(upload.filename);
  report.actor = std::move(upload.actor);
  report.sha256 = ingest::sha256_hex(upload.body);
  report.started_at = clock_.now();
  const auto canonical = ingest::canonical_source(upload.source);
  report.source = canonical.empty() ? upload.source : std::string(canonical);
  bool large = upload.body.size() > kSmallBytes || unpacks_beyond(upload.body, kSmallBytes);
  TOCSIN_TRY(recognised, recognise(upload.body, large, report));
  large = large && recognised;  // what is wrong from the first byte on is said at once
  report.id = id_of(report.source, report.sha256);
  TOCSIN_CHECK(place_is_free(report.id));
  TOCSIN_TRY(earlier, find(report.id));
  if (earlier && earlier->state == State::kDone) return as_repeat(*std::move(earlier));
  if (earlier && earlier->state == State::kRunning) report = *std::move(earlier);
  if (large) return spool(upload, std::move(report));
  TOCSIN_TRY(bytes, UploadBytes::of_memory(upload.body, std::max(kSmallBytes, upload.body.size())));
  return read_file(std::move(report), bytes);
}

// A file that waits needs its report to be read after a restart, so that report keeps its place.
Result<void> UploadDesk::place_is_free(std::string_view id) const {
  TOCSIN_TRY(text, store_.setting(setting_key(id)));
  if (!text) return {};
  TOCSIN_TRY(holder, api::parse_upload(*text));
  std::error_code failed;
  const bool waits =
      holder.state == State::kRunning && std::filesystem::exists(directory_ / holder.id, failed);
  if (holder.id != id && waits) return too_many();
  return {};
}

// Fills in whose records they are, as far as the beginning is at hand; false when it says that nobody can
// tell. kNotFound for an unknown source.
Result<bool> UploadDesk::recognise(std::string_view body, bool large, UploadReport& report) const {
  const bool packed_away = large && is_gzip(body);
  TOCSIN_TRY(bytes, UploadBytes::of_memory(packed_away ? std::string_view() : body, kSmallBytes));
  TOCSIN_TRY(head, bytes.next());
  auto shape = shape_of(packed_away ? "{}" : head, report.source);
  if (!shape && shape.error().kind == ErrorKind::kNotFound) return shape.error();
  report.detected = report.source == kAuto;
  if (shape && !packed_away) describe(report, *shape);
  return shape.ok() || packed_away;
}

Result<ingest::FileShape> UploadDesk::shape_of(std::string_view begin, std::string_view source) const {
  return ingest::find_file_shape(begin, source, {.now = clock_.now(), .mappings = pipeline_.mappings()});
}

Result<UploadReport> UploadDesk::spool(const Upload& upload, UploadReport report) {
  const auto file = directory_ / report.id;
  std::error_code failed;
  if (std::filesystem::exists(file, failed)) return report;  // it is being read
  TOCSIN_TRY(now, find(report.id));
  if (now && now->state == State::kDone) return as_repeat(*std::move(now));  // it was, a moment ago
  if (spooled_.size() >= kMaxSpooled) return too_many();
  TOCSIN_CHECK(write_spool_file(file, upload.body));
  TOCSIN_CHECK(save(report));
  if (!spooled_.try_push(std::string(report.id))) return stopping();
  return report;
}

void UploadDesk::read_spooled_or_later(const std::string& id) {
  try {
    read_spooled(id);
  } catch (const std::exception&) {
    read_again(id);
  }
}

void UploadDesk::read_spooled(const std::string& id) {
  std::error_code ignored;
  if (!std::filesystem::exists(directory_ / id, ignored)) return;
  const auto report = find(id);
  if (!report) return read_again(id);
  if (!*report) return;
  auto bytes = UploadBytes::of_file(directory_ / id, kMaxUnpacked);
  if (!bytes) return read_again(id);
  const auto read = read_file(**report, *bytes);
  if (!read && is_broken_off(read.error().kind)) return read_again(id);
  std::filesystem::remove(directory_ / id, ignored);
}

// At a stop the next run goes on; after a full disk or a failure of the store this one does.
void UploadDesk::read_again(const std::string& id) {
  if (!stops_within(kDiskPause)) (void)spooled_.try_push(std::string(id));
}

void UploadDesk::find_spooled() {
  std::error_code none;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(directory_, failed), end; !failed && at != end;
       at.increment(failed)) {
    const auto& entry = *at;
    const auto id = entry.path().filename().string();
    const auto report = is_id(id) ? find(id) : Result<std::optional<UploadReport>>(std::nullopt);
    const bool waits = report && *report && (*report)->state == State::kRunning;
    if (waits) {
      spooled_.try_push(std::string(id));
    } else if (report) {
      std::filesystem::remove(entry.path(), none);
    }
  }
}

// Perhaps after a restart: whose file it is stands in its report.
Result<UploadReport> UploadDesk::read_file(UploadReport report, Bytes& bytes) {
  const store::Acting acting({.actor = report.actor, .kind = store::ActorKind::kPerson});
  const auto head = bytes.next();
  if (!head) {
    TOCSIN_CHECK(finish(report, head.error()));
    return head.error();
  }
  auto shape = shape_of(*head, report.detected ? kAuto : report.source);
  if (!shape) return keep_unrecognised(std::move(report), shape.error(), *head, bytes);
  describe(report, *shape);
  const ingest::Options options{.now = clock_.now(), .mappings = pipeline_.mappings()};
  ingest::FileReader reader(*std::move(shape), options);
  reader.feed(*head);
  const auto read = read_chunks(report, bytes, reader);
  if (!read && is_broken_off(read.error().kind)) return read.error();
  TOCSIN_CHECK(finish(report, read ? std::nullopt : std::optional(read.error())));
  if (report.error) return *report.error;
  return report;
}

Result<void> UploadDesk::read_chunks(UploadReport& report, Bytes& bytes, ingest::FileReader& reader) {
  std::uint64_t number = 0;
  for (;;) {
    TOCSIN_CHECK(store_new_chunks(report, reader, number));
    auto piece = bytes.next();
    const bool at_end = !piece || piece->empty();
    if (at_end) reader.finish();
    if (!at_end) reader.feed(*piece);
    if (!at_end) continue;
    TOCSIN_CHECK(store_new_chunks(report, reader, number));
    return piece ? Result<void>() : Result<void>(piece.error());
  }
}

Result<void> UploadDesk::store_new_chunks(UploadReport& report, ingest::FileReader& reader,
                                          std::uint64_t& number) {
  ingest::FileChunk chunk;
  while (reader.next(chunk)) {
    if (number++ < report.chunks) continue;  // stored before a restart
    TOCSIN_CHECK(store_chunk(report, std::move(chunk)));
    report.chunks = number;
    TOCSIN_CHECK(save(report));
  }
  return {};
}

bool UploadDesk::stops_within(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  return stopping_changed_.wait_for(lock, pause, [this] { return stopping_; });
}

// Tries until the store has room in its queue or the server stops.
template <class Try>
auto UploadDesk::until_taken(Try try_once) -> decltype(try_once()) {
  for (;;) {
    auto result = try_once();
    if (result || result.error().kind != ErrorKind::kBusy) return result;
    if (stops_within(kRetryPause)) return stopping();
  }
}

Result<void> UploadDesk::store_chunk(UploadReport& report, ingest::FileChunk chunk) {
  if (stops_within(std::chrono::milliseconds(0))) return stopping();
  auto& records = chunk.normalised.records;
  const auto first_event = std::stable_partition(records.begin(), records.end(), is_alert);
  const std::vector<ingest::Record> events(std::make_move_iterator(first_event),
                                           std::make_move_iterator(records.end()));
  records.erase(first_event, records.end());
  // Alerts go first: they have keys that make a second try harmless, the others follow at once.
  TOCSIN_CHECK(store_alerts(report, records, chunk.content_hash));
  TOCSIN_TRY(kept, until_taken([&] { return pipeline_.keep_events(events); }));
  TOCSIN_CHECK(keep_unreadable(report, chunk.normalised.rejections));
  report.events += kept;
  report.items += chunk.items;
  report.bytes += chunk.bytes;
  return {};
}

Result<void> UploadDesk::store_alerts(UploadReport& report, const std::vector<ingest::Record>& alerts,
                                      std::uint64_t content_hash) {
  if (alerts.empty()) return {};
  api::Pipeline::Delivery delivery{
      .body = to_hex(content_hash), .source = report.source, .actor = report.actor};
  delivery.idempotency_key = "upload:" + report.id + ':' + std::to_string(report.chunks);
  const auto send = [&] {
    std::promise<Result<api::Pipeline::Reply>> answer;
    auto waiting = answer.get_future();
    pipeline_.store_records(delivery, alerts, [&answer](auto reply) { answer.set_value(std::move(reply)); });
    return waiting.get();
  };
  auto reply = until_taken(send);
  if (!reply && reply.error().where == "Idempotency-Key") {
    // An older version cut the file elsewhere; then the key says nothing.
    delivery.idempotency_key.clear();
    reply = until_taken(send);
  }
  if (!reply) return reply.error();
  count(report, *reply);
  return {};
}

Result<void> UploadDesk::keep_unreadable(UploadReport& report,
                                         const std::vector<ingest::Rejection>& rejections) {
  if (rejections.empty()) return {};
  TOCSIN_TRY(kept, until_taken([&] { return pipeline_.keep_rejections(report.source, rejections); }));
  report.dead_letters += kept.size();
  for (const auto& one : kept) {
    if (report.unreadable.size() >= UploadReport::kMaxListed) break;
    report.unreadable.push_back({one.index, one.reason.substr(0, kMaxReason), one.dead_letter.str()});
  }
  return {};
}

Result<UploadReport> UploadDesk::keep_unrecognised(UploadReport report, const Error& why,
                                                   std::string_view head, Bytes& bytes) {
  const auto keep = [&](std::string_view piece) {
    return keep_unreadable(report, {{.index = 0, .error = why, .fragment = std::string(piece)}});
  };
  const auto earlier = find(report.id);
  const bool kept_before = earlier && *earlier && (*earlier)->state == State::kFailed;
  if (kept_before) report = **earlier;
  for (auto piece = Result<std::string_view>(head); !kept_before && piece && !piece->empty();
       piece = bytes.next()) {
    TOCSIN_CHECK(keep(*piece));
  }
  auto told = why;
  if (!report.unreadable.empty())
    told.message += "; the file is kept as dead letter " + report.unreadable.front().dead_letter;
  TOCSIN_CHECK(finish(report, told));
  return told;
}

Result<void> UploadDesk::finish(UploadReport& report, std::optional<Error> why) {
  report.state = why ? State::kFailed : State::kDone;
  report.error = std::move(why);
  report.finished_at = clock_.now();
  return save(report);
}

Result<void> UploadDesk::save(const UploadReport& report) {
  return until_taken([&] { return store_.set_setting(setting_key(report.id), api::upload_json(report)); });
}

Result<std::optional<UploadReport>> UploadDesk::find(std::string_view id) {
  if (!is_id(id)) return std::optional<UploadReport>();
  TOCSIN_TRY(text, store_.setting(setting_key(id)));
  if (!text) return std::optional<UploadReport>();
  TOCSIN_TRY(report, api::parse_upload(*text));
  if (report.id != id) return std::optional<UploadReport>();
  return std::optional(std::move(report));
}

}  // namespace tocsin::app
