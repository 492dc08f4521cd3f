#include "app/pipeline.h"

#include <future>

#include "app/marked_alerts.h"
#include "app/record_event.h"
#include "base/hash.h"
#include "base/this_thread.h"

namespace tocsin::app {
namespace {

using store::AppendKind;

constexpr std::size_t kMaxListening = 50;  // alerts of one batch that are handed to those who listen live

Error busy() {
  return error(ErrorKind::kBusy, "ingest", "too many deliveries are waiting",
               "send it again after Retry-After");
}

store::DeadLetter dead_letter(const api::Pipeline::Delivery& delivery, std::string_view body,
                              const Error& why, Timestamp now) {
  store::DeadLetter letter;
  letter.id = DeadLetterId::make(now);
  letter.source = delivery.source;
  letter.content_type = delivery.content_type;
  letter.reason = to_string(why);
  letter.body = std::string(body.substr(0, store::kDeadLetterBytes));
  letter.truncated = body.size() > store::kDeadLetterBytes;
  letter.received_at = now;
  return letter;
}

// An alert that a person made says who: not what the body claims, but whom the request came from.
void sign(model::Alert& alert, const std::string& actor, Timestamp now) {
  if (alert.source != ingest::kManualSource) return;
  alert.facts.push_back({"created_by", actor, std::string(ingest::kManualSource), now});
}

std::uint64_t body_hash(const api::Pipeline::Delivery& delivery) {
  return FieldHasher().add(delivery.source).add(delivery.body).finish();
}

}  // namespace

Pipeline::Pipeline(store::TenantStore& store, const Clock& clock, PipelineOptions options,
                   PipelineHooks hooks)
    : store_(store),
      clock_(clock),
      options_(options),
      hooks_(std::move(hooks)),
      histories_(store),
      sources_(clock),
      waiting_(options.max_waiting) {
  for (std::size_t i = 0; i < options_.pool_threads; ++i) {
    pool_.emplace_back([this](const std::stop_token& stop) { run_pool(stop); });
  }
}

Pipeline::~Pipeline() {
  close();
}

void Pipeline::close() {
  waiting_.close();
  for (auto& thread : pool_) {
    if (thread.joinable()) thread.join();
  }
}

void Pipeline::run_pool(const std::stop_token& stop) {
  name_this_thread("parse");
  while (!stop.stop_requested()) {
    auto work = waiting_.pop(std::chrono::seconds(1));
    if (work) {
      (*work)();
    } else if (waiting_.closed()) {
      return;
    }
  }
}

void Pipeline::ingest_alerts(Delivery delivery, Done done) {
  accept(std::move(delivery), &Pipeline::parse_alert_body, std::move(done));
}

void Pipeline::ingest_payload(Delivery delivery, Done done) {
  const auto canonical = ingest::canonical_source(delivery.source);
  if (!canonical.empty()) delivery.source = canonical;
  accept(std::move(delivery), &Pipeline::parse_vendor_body, std::move(done));
}

Result<Pipeline::Parsed> Pipeline::parse_alert_body(const Delivery& delivery) const {
  const auto format = delivery.content_type == "application/x-ndjson" ? ingest::BodyFormat::kNdjson
                                                                      : ingest::BodyFormat::kJson;
  TOCSIN_TRY(body, ingest::parse_alerts(delivery.body, format, {.now = clock_.now()}));
  for (auto& record : body.normalised.records) sign(record.alert, delivery.actor, clock_.now());
  return Parsed{std::move(body.normalised), body.single};
}

Result<Pipeline::Parsed> Pipeline::parse_vendor_body(const Delivery& delivery) const {
  TOCSIN_TRY(normalised, ingest::normalise(delivery.source, delivery.body,
                                           {.now = clock_.now(), .mappings = options_.mappings.get()}));
  return Parsed{std::move(normalised), false};
}

void Pipeline::accept(Delivery delivery, Parse parse, Done done) {
  if (delivery.body.size() <= options_.inline_bytes) {
    parse_and_store(delivery, parse, std::move(done));
    return;
  }
  auto held = std::make_shared<Delivery>(std::move(delivery));
  to_pool([this, held, parse, done] { parse_and_store(*held, parse, done); }, done);
}

void Pipeline::to_pool(std::function<void()> work, const Done& done) {
  auto on_behalf = [origin = store::Acting::current(), work = std::move(work)] {
    const store::Acting acting(origin);
    work();
  };
  if (waiting_.try_push(std::move(on_behalf))) return;
  counters_.busy.fetch_add(1, std::memory_order_relaxed);
  done(busy());
}

Result<void> Pipeline::admit(std::size_t records) {
  if (!hooks_.admit) return {};
  auto admitted = hooks_.admit(records);
  if (!admitted) counters_.busy.fetch_add(1, std::memory_order_relaxed);
  return admitted;
}

void Pipeline::parse_and_store(const Delivery& delivery, Parse parse, Done done) {
  auto parsed = (this->*parse)(delivery);
  if (parsed) {
    auto admitted = admit(parsed->normalised.records.size());
    if (!admitted) return done(std::move(admitted).error());
  }
  const auto is_alert = [](const ingest::Record& r) { return r.kind == model::RecordKind::kAlert; };
  if (parsed && parsed->normalised.rejections.empty() &&
      std::all_of(parsed->normalised.records.begin(), parsed->normalised.records.end(), is_alert)) {
    store_alerts(delivery, std::move(parsed->normalised.records), Reply{.single = parsed->single},
                 std::move(done));
    return;
  }
  // Rejects and events are written before the answer, which may block: never on the I/O thread.
  auto held = std::make_shared<Delivery>(delivery);
  if (!parsed) {
    auto why = std::make_shared<Error>(std::move(parsed).error());
    to_pool(
        [this, held, why, done] {
          if (why->kind != ErrorKind::kNotFound) keep_unreadable(*held, *why);
          done(*why);
        },
        done);
    return;
  }
  auto rest = std::make_shared<Parsed>(*std::move(parsed));
  to_pool([this, held, rest, done] { store_with_leftovers(*held, std::move(*rest), done); }, done);
}

void Pipeline::keep_unreadable(const Delivery& delivery, const Error& why) {
  counters_.rejected.fetch_add(1, std::memory_order_relaxed);
  sources_.unreadable(delivery.source, why.message);
  // The sender gets `why` whether or not the letter could be kept; the store reports its own trouble.
  if (store_.dead_letters().put({dead_letter(delivery, delivery.body, why, clock_.now())}))
    sources_.add(delivery.source, {.dead_letters = 1});
}

void Pipeline::store_with_leftovers(const Delivery& delivery, Parsed parsed, const Done& done) {
  Reply reply{.single = parsed.single};
  if (auto kept = keep_rejected(delivery, parsed.normalised.rejections, reply); !kept)
    return done(kept.error());
  auto& records = parsed.normalised.records;
  const auto is_alert = [](const ingest::Record& r) { return r.kind == model::RecordKind::kAlert; };
  const auto first_other = std::stable_partition(records.begin(), records.end(), is_alert);
  const std::vector<ingest::Record> others(std::make_move_iterator(first_other),
                                           std::make_move_iterator(records.end()));
  records.erase(first_other, records.end());
  auto events = keep_events(others);
  if (!events) return done(events.error());
  reply.events = *events;
  store_alerts(delivery, std::move(records), std::move(reply), done);
}

Result<void> Pipeline::keep_rejected(const Delivery& delivery,
                                     const std::vector<ingest::Rejection>& rejections, Reply& reply) {
  std::vector<store::DeadLetter> letters;
  for (const auto& rejection : rejections) {
    sources_.unreadable(delivery.source, rejection.error.message);
    letters.push_back(dead_letter(delivery, rejection.fragment, rejection.error, clock_.now()));
    std::string reason = rejection.error.message;
    if (!rejection.error.hint.empty()) reason += ". " + rejection.error.hint;
    reply.rejected.push_back({.index = rejection.index,
                              .reason = std::move(reason),
                              .pointer = rejection.error.where,
                              .kind = rejection.error.kind,
                              .dead_letter = letters.back().id,
                              .faults = rejection.faults});
  }
  if (letters.empty()) return {};
  const auto count = letters.size();
  TOCSIN_CHECK(store_.dead_letters().put(std::move(letters)));
  sources_.add(delivery.source, {.dead_letters = count});
  return {};
}

Result<std::vector<Pipeline::Rejected>> Pipeline::keep_rejections(
    const std::string& source, const std::vector<ingest::Rejection>& rejections) {
  const Delivery delivery{.source = source, .content_type = "text/plain"};
  Reply reply;
  TOCSIN_CHECK(keep_rejected(delivery, rejections, reply));
  count(reply);
  return std::move(reply.rejected);
}

void Pipeline::store_records(const Delivery& delivery, std::vector<ingest::Record> alerts, Done done) {
  if (auto admitted = admit(alerts.size()); !admitted) return done(std::move(admitted).error());
  store_alerts(delivery, std::move(alerts), Reply{}, std::move(done));
}

Result<std::size_t> Pipeline::keep_events(const std::vector<ingest::Record>& records) {
  if (records.empty()) return std::size_t{0};
  std::vector<model::Event> events;
  const auto now = clock_.now();
  for (const auto& record : records) {
    events.push_back(to_event(record));
    events.back().received_at = now;
  }
  TOCSIN_TRY(seqs, store_.events().append(events));
  SourceRuns(records).for_each([&](const SourceRuns::Run& run) {
    sources_.add(run.source, {.records = run.count, .bytes = run.bytes, .events = run.count});
  });
  counters_.events.fetch_add(seqs.size(), std::memory_order_relaxed);
  if (hooks_.on_events) hooks_.on_events();
  return seqs.size();
}

void Pipeline::rules_changed() {
  histories_.forget();
  if (hooks_.on_said) hooks_.on_said();
}

void Pipeline::complete(model::Alert& alert, Timestamp now) {
  alert.id = AlertId::make(now);
  alert.received_at = now;
  alert.first_seen = alert.occurred_at;
  alert.last_seen = alert.occurred_at;
  hooks_.judge(alert, histories_.find(alert.source, alert.type, now));
}

void Pipeline::store_alerts(const Delivery& delivery, std::vector<ingest::Record> records, Reply reply,
                            Done done) {
  if (records.empty()) {
    count(reply);
    done(std::move(reply));
    return;
  }
  store::IngestBatch batch;
  batch.idempotency_key = delivery.idempotency_key;
  if (!batch.idempotency_key.empty()) batch.body_hash = body_hash(delivery);
  batch.alerts.reserve(records.size());
  const auto now = clock_.now();
  auto runs = std::make_shared<const SourceRuns>(records);
  auto indexes = std::make_shared<std::vector<std::size_t>>();
  auto marked = std::make_shared<MarkedAlerts>();
  for (auto& record : records) {
    const auto print = ingest::fingerprint(record.alert);  // before enrichment: lists change, repeats do not
    complete(record.alert, now);
    record.alert.fingerprint = to_hex(print);
    indexes->push_back(record.index);
    marked->add(record.alert, batch.alerts.size());
    batch.alerts.push_back({std::move(record.alert), print});
  }
  auto shown = std::make_shared<std::vector<model::Alert>>();
  if (reply.single || hooks_.wants_alerts()) {
    const auto from = batch.alerts.size() - std::min(batch.alerts.size(), kMaxListening);
    for (auto i = from; i < batch.alerts.size(); ++i) shown->push_back(batch.alerts[i].alert);
  }
  if (reply.single && delivery.with_reasons) {
    auto& alert = shown->front();
    alert.triage.reasons = hooks_.explain(alert, histories_.find(alert.source, alert.type, now));
  }
  const auto first_shown = batch.alerts.size() - shown->size();
  store_.alerts().append(std::move(batch),
                         [this, indexes, runs, shown, first_shown, marked, reply = std::move(reply),
                          done = std::move(done)](auto outcomes) mutable {
                           if (!marked->empty())
                             hooks_.on_marked(marked->settled(outcomes ? &*outcomes : nullptr));
                           if (!outcomes) return done(std::move(outcomes).error());
                           std::vector<model::Alert> created;
                           model::Seq last = 0;
                           for (std::size_t i = 0; i < outcomes->size(); ++i) {
                             const auto& outcome = (*outcomes)[i];
                             Item item{.index = (*indexes)[i], .kind = outcome.kind, .id = outcome.id};
                             if (outcome.kind == AppendKind::kCreated) last = std::max(last, outcome.seq);
                             if (outcome.kind == AppendKind::kCreated && i >= first_shown) {
                               auto& alert = (*shown)[i - first_shown];
                               alert.seq = outcome.seq;
                               if (!outcome.tag.empty()) alert.tags.push_back(outcome.tag);
                               if (reply.single) item.alert = std::make_shared<model::Alert>(alert);
                               if (!model::is_suppressed(alert)) created.push_back(std::move(alert));
                             }
                             reply.items.push_back(std::move(item));
                           }
                           count(reply);
                           count_sources(*runs, *outcomes);
                           hooks_.on_stored(std::move(created), reply.accepted() - marked->hidden(), last);
                           done(std::move(reply));
                         });
}

void Pipeline::count(const Reply& reply) {
  std::uint64_t created = 0;
  std::uint64_t occurrences = 0;
  for (const auto& item : reply.items) {
    created += item.kind == AppendKind::kCreated ? 1U : 0U;
    occurrences += item.kind == AppendKind::kOccurrence ? 1U : 0U;
  }
  counters_.created.fetch_add(created, std::memory_order_relaxed);
  counters_.occurrences.fetch_add(occurrences, std::memory_order_relaxed);
  counters_.duplicates.fetch_add(reply.duplicates(), std::memory_order_relaxed);
  counters_.rejected.fetch_add(reply.rejected.size(), std::memory_order_relaxed);
}

void Pipeline::count_sources(const SourceRuns& runs, const std::vector<store::AppendOutcome>& outcomes) {
  std::size_t next = 0;
  runs.for_each([&](const SourceRuns::Run& run) {
    observe::SourceTotals totals{.records = run.count, .bytes = run.bytes};
    for (std::size_t i = 0; i < run.count && next < outcomes.size(); ++i, ++next) {
      const auto kind = outcomes[next].kind;
      totals.alerts += kind == AppendKind::kCreated ? 1U : 0U;
      totals.occurrences += kind == AppendKind::kOccurrence ? 1U : 0U;
      totals.duplicates += kind == AppendKind::kDuplicate ? 1U : 0U;
    }
    sources_.add(run.source, totals);
  });
}

Result<api::Pipeline::Reply> Pipeline::submit(std::vector<model::Alert> alerts) {
  TOCSIN_CHECK(admit(0));  // the events of findings were admitted
  std::vector<ingest::Record> records;
  for (auto& alert : alerts) {
    records.push_back({model::RecordKind::kAlert, std::move(alert), records.size()});
  }
  std::promise<Result<Reply>> answer;
  auto waiting = answer.get_future();
  store_alerts(Delivery{.source = "internal"}, std::move(records), Reply{},
               [&answer](Result<Reply> reply) { answer.set_value(std::move(reply)); });
  return waiting.get();
}

Result<api::Pipeline::Reply> Pipeline::replay(const DeadLetterId& id) {
  TOCSIN_TRY(letter, store_.dead_letters().find(id));
  if (!letter) return error(ErrorKind::kNotFound, "replay", "there is no dead letter " + id.str());
  if (letter->truncated) {
    return error(ErrorKind::kConflict, "replay", "only the first MiB of this body was kept",
                 "send the original again from its tool");
  }
  if (letter->resolved) {
    return error(ErrorKind::kConflict, "replay", "this letter was replayed with success before",
                 "send the original again from its tool if it is wanted twice");
  }
  // The letter's id is the key: a crash between the alerts and the mark does not store them twice.
  const Delivery delivery{.body = letter->body,
                          .source = letter->source,
                          .content_type = letter->content_type,
                          .idempotency_key = letter->id.str()};
  auto parsed = letter->source == "api" ? parse_alert_body(delivery) : parse_vendor_body(delivery);
  if (!parsed || !parsed->normalised.rejections.empty()) {
    const auto why = parsed ? parsed->normalised.rejections.front().error : parsed.error();
    TOCSIN_CHECK(store_.dead_letters().mark(id, false, to_string(why)));
    return why;
  }
  std::promise<Result<Reply>> answer;
  auto waiting = answer.get_future();
  store_with_leftovers(delivery, *std::move(parsed),
                       [&answer](Result<Reply> reply) { answer.set_value(std::move(reply)); });
  auto reply = waiting.get();
  if (reply) TOCSIN_CHECK(store_.dead_letters().mark(id, true, "replayed"));
  return reply;
}

}  // namespace tocsin::app
