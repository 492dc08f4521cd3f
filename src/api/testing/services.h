#pragma once
// Stand-ins for the parts that the app joins, over the real store and the real normalisers: a pipeline
// without threads, a correlation that puts every free alert into one incident, a demo of one alert.

#include <future>

#include "api/reasons.h"
#include "api/services.h"
#include "base/hash.h"
#include "model/attack.h"
#include "triage/triage.h"

namespace tocsin::api::test {

class TestPipeline final : public Pipeline {
 public:
  TestPipeline(store::TenantStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  void ingest_alerts(Delivery delivery, Done done) override {
    if (busy) return done(error(ErrorKind::kBusy, "ingest", "too many deliveries are waiting", "come back"));
    const auto format = delivery.content_type == "application/x-ndjson" ? ingest::BodyFormat::kNdjson
                                                                        : ingest::BodyFormat::kJson;
    auto body = ingest::parse_alerts(delivery.body, format, {.now = clock_.now()});
    if (!body) return done(std::move(body).error());
    done(keep(std::move(body->normalised), body->single, delivery));
  }
  void ingest_payload(Delivery delivery, Done done) override {
    if (busy) return done(error(ErrorKind::kBusy, "ingest", "too many deliveries are waiting", "come back"));
    auto normalised = ingest::normalise(delivery.source, delivery.body, {.now = clock_.now()});
    if (!normalised) return done(std::move(normalised).error());
    done(keep(std::move(*normalised), false, delivery));
  }
  Result<Reply> submit(std::vector<model::Alert> alerts) override {
    ingest::Normalised normalised;
    for (auto& alert : alerts) {
      normalised.records.push_back({model::RecordKind::kAlert, std::move(alert), normalised.records.size()});
    }
    return keep(std::move(normalised), false, {});
  }
  void rules_changed() override { ++rule_changes; }
  int rule_changes = 0;
  Result<Reply> replay(const DeadLetterId& id) override {
    TOCSIN_TRY(letter, store_.dead_letters().find(id));
    TOCSIN_TRY(body, ingest::parse_alerts(letter->body, ingest::BodyFormat::kJson, {.now = clock_.now()}));
    TOCSIN_CHECK(store_.dead_letters().mark(id, true, "replayed"));
    return keep(std::move(body.normalised), false, {});
  }

  bool busy = false;

 private:
  Result<Reply> keep(ingest::Normalised normalised, bool single, const Delivery& delivery) {
    Reply reply;
    reply.single = single;
    for (const auto& rejection : normalised.rejections) {
      reply.rejected.push_back({rejection.index,
                                rejection.error.message,
                                rejection.error.where,
                                rejection.error.kind,
                                {},
                                rejection.faults});
    }
    store::IngestBatch batch;
    batch.idempotency_key = delivery.idempotency_key;
    batch.body_hash = hash64(delivery.body);
    for (auto& record : normalised.records) batch.alerts.push_back(completed(std::move(record.alert)));
    if (batch.alerts.empty()) return reply;
    const auto alerts = batch.alerts;
    std::promise<Result<std::vector<store::AppendOutcome>>> promise;
    store_.alerts().append(std::move(batch), [&](auto outcomes) { promise.set_value(std::move(outcomes)); });
    TOCSIN_TRY(outcomes, promise.get_future().get());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      Item item{i, outcomes[i].kind, {}};
      if (single && item.kind == store::AppendKind::kCreated) {
        auto shown = std::make_shared<model::Alert>(alerts[i].alert);
        if (delivery.with_reasons) shown->triage.reasons = triage::explain(*shown, prior_of(*shown), {});
        item.alert = std::move(shown);
      }
      item.id = outcomes[i].id;
      reply.items.push_back(std::move(item));
    }
    return reply;
  }

  triage::Prior prior_of(const model::Alert& alert) const {
    return api::prior_of(*store_.rule_history(alert.source, alert.type));
  }

  store::NewAlert completed(model::Alert alert) {
    const auto now = clock_.now();
    alert.id = AlertId::make(now);
    alert.received_at = now;
    alert.first_seen = alert.last_seen = alert.occurred_at;
    triage::apply(triage::score(alert, prior_of(alert), {}), alert);
    const auto print = ingest::fingerprint(alert);
    alert.fingerprint = to_hex(print);
    return {std::move(alert), print};
  }

  store::TenantStore& store_;
  const Clock& clock_;
};

class TestCorrelation final : public Correlation {
 public:
  TestCorrelation(store::TenantStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  Result<Report> rebuild(bool dry_run) override {
    Report report;
    report.run_id = "run-1";
    report.dry_run = dry_run;
    std::vector<model::Seq> free;
    TOCSIN_CHECK(store_.alerts().scan_links(0, [&](std::span<const model::LinkRecord> links) {
      for (const auto& link : links) free.push_back(link.seq);
      return true;
    }));
    TOCSIN_CHECK(store_.incidents().scan_memberships(0, [&](std::span<const model::Membership> members) {
      for (const auto& member : members) std::erase(free, member.alert);
      return true;
    }));
    if (!free.empty()) report.incidents_created = 1;
    if (dry_run) {
      report.differences.push_back({"new", std::to_string(free.size()) + " alerts"});
      return report;
    }
    if (!free.empty()) TOCSIN_CHECK(make(free));
    TOCSIN_TRY(counts, store_.counts());
    report.clusters = counts.incidents_open;
    report.alerts_correlated = static_cast<std::int64_t>(free.size());
    return report;
  }
  Result<model::Incident> merge(const IncidentId& into, const std::vector<IncidentId>& others,
                                std::string_view) override {
    TOCSIN_TRY(kept, store_.incidents().find(into));
    store::CorrelationDelta delta;
    for (const auto& id : others) {
      TOCSIN_TRY(other, store_.incidents().find(id));
      if (!other) return error(ErrorKind::kNotFound, "merge", "there is no incident " + id.str());
      TOCSIN_TRY(members, store_.incidents().members(other->seq, 100));
      for (auto member : members) {
        member.incident = kept->seq;
        delta.memberships.push_back(member);
      }
      kept->alert_count += other->alert_count;
      other->alert_count = 0;
      other->merged_into = into;
      delta.upserts.push_back(*other);
    }
    delta.upserts.push_back(*kept);
    store::Decision decision;
    decision.incident = kept->seq;
    decision.other_incident = delta.upserts.front().seq;
    decision.made_at = clock_.now();
    TOCSIN_TRY(number, store_.incidents().decide(decision, delta));
    (void)number;
    TOCSIN_TRY(now, store_.incidents().find(into));
    return *now;
  }
  Result<model::Incident> split(const IncidentId&, const std::vector<std::string>& ids,
                                std::string_view) override {
    return open(ids, "");
  }
  Result<model::Incident> open(const std::vector<std::string>& ids, std::string_view) override {
    std::vector<model::Seq> seqs;
    TOCSIN_CHECK(store_.alerts().scan_links(0, [&](std::span<const model::LinkRecord> links) {
      for (const auto& link : links) {
        const auto alerts = store_.alerts().by_seq(std::span(&link.seq, 1));
        if (alerts && std::count(ids.begin(), ids.end(), alerts->front().id.str()) > 0)
          seqs.push_back(link.seq);
      }
      return true;
    }));
    if (seqs.size() != ids.size()) return error(ErrorKind::kNotFound, "open", "an alert is not known");
    return make(seqs);
  }
  Result<model::Incident> describe(const IncidentId& id) override {
    TOCSIN_TRY(incident, store_.incidents().find(id));
    incident->requires_review = incident->priority >= 80;
    TOCSIN_CHECK(store_.incidents().apply({{*incident}, {}, {}, 0}));
    TOCSIN_TRY(described, store_.incidents().find(id));
    return *described;
  }
  Result<void> catch_up() override { return {}; }

 private:
  Result<model::Incident> make(const std::vector<model::Seq>& seqs) {
    TOCSIN_TRY(last, store_.incidents().last_incident_seq());
    TOCSIN_TRY(alerts, store_.alerts().by_seq(seqs));
    model::Incident incident;
    incident.seq = last + 1;
    incident.id = IncidentId::make(clock_.now());
    incident.title = "Incident of " + alerts.front().title;
    incident.severity = alerts.front().severity;
    incident.priority = alerts.front().priority;
    incident.created_at = incident.updated_at = clock_.now();
    incident.first_seen = incident.last_seen = alerts.front().occurred_at;
    incident.alert_count = static_cast<std::int64_t>(seqs.size());
    incident.lead_alert = seqs.front();
    incident.tactics = model::tactic_bits(alerts.front().attack);
    store::CorrelationDelta delta;
    delta.upserts = {incident};
    for (const auto seq : seqs) delta.memberships.push_back({.alert = seq, .incident = incident.seq});
    delta.watermark = seqs.back();
    TOCSIN_CHECK(store_.incidents().apply(delta));
    TOCSIN_TRY(stored, store_.incidents().find(incident.id));
    return *stored;
  }

  store::TenantStore& store_;
  const Clock& clock_;
};

class TestDemo final : public Demo {
 public:
  TestDemo(TestPipeline& pipeline, store::TenantStore& store, const Clock& clock)
      : pipeline_(pipeline), store_(store), clock_(clock) {}

  Result<std::vector<model::Alert>> trigger(std::string_view name) override {
    if (name != "critical_threat" && name != "bot_traffic") {
      return error(ErrorKind::kInvalidInput, "trigger", "unknown scenario",
                   "known: critical_threat, bot_traffic");
    }
    model::Alert alert;
    alert.source = "demo";
    alert.type = name == "bot_traffic" ? "bot_traffic" : "ransomware";
    alert.title =
        name == "bot_traffic" ? "Bot traffic against the shop" : "Ransomware on a domain controller";
    alert.severity = name == "bot_traffic" ? model::Severity::kMedium : model::Severity::kCritical;
    alert.asset_tier = model::AssetTier::kCrownJewel;
    alert.occurred_at = clock_.now();
    alert.entities = {{model::EntityKind::kHost, "dc-01", model::EntityRole::kTarget}};
    alert.attack = model::checked_attack({"T1486"}, {});
    alert.raw = "{}";
    TOCSIN_TRY(reply, pipeline_.submit({alert}));
    TOCSIN_TRY(stored, store_.alerts().find(reply.items.front().id.str()));
    return std::vector{*stored};
  }
  Result<std::vector<model::Event>> detection_events() override {
    model::Event event;
    event.source = "local";
    event.event_type = "process";
    event.message = "malware found in a download";
    event.occurred_at = event.received_at = clock_.now();
    event.raw = R"({"event_type":"process","message":"malware found in a download"})";
    return std::vector{event};
  }
  std::string_view state() const override { return "none"; }

 private:
  TestPipeline& pipeline_;
  store::TenantStore& store_;
  const Clock& clock_;
};

}  // namespace tocsin::api::test
