#include "store/sql/desk_store.h"

#include <array>

#include "store/audit_entries.h"

namespace tocsin::store {
namespace {

constexpr std::array<std::string_view, 3> kAnswerKinds{"explanation", "incident_view", "copilot"};

// What alerts and incidents have in common here.
struct State {
  bool is_first = false;  // of its statuses: nobody took it up
  bool is_closed = false;
  model::Verdict verdict = model::Verdict::kUndecided;
  const std::optional<std::string>& assignee;

  bool is_taken_up() const {
    return !is_first || verdict != model::Verdict::kUndecided || assignee.has_value();
  }
  bool operator==(const State& other) const {
    return is_first == other.is_first && is_closed == other.is_closed && verdict == other.verdict &&
           assignee == other.assignee;
  }
};

State state_of(const model::Alert& alert) {
  return {alert.status == model::AlertStatus::kNew, alert.status == model::AlertStatus::kClosed,
          alert.triage.verdict, alert.assignee};
}

State state_of(const model::Incident& incident) {
  return {incident.status == model::IncidentStatus::kOpen, incident.status == model::IncidentStatus::kClosed,
          incident.verdict, incident.assignee};
}

void mark_person(DeskMark& mark, const State& before, const State& after, const Origin& origin,
                 Timestamp now) {
  const bool judged = before.verdict != after.verdict && after.verdict != model::Verdict::kUndecided;
  const bool closed = !before.is_closed && after.is_closed;
  const bool handed_on =
      after.assignee && after.assignee != before.assignee && *after.assignee != origin.actor;
  if (!before.is_taken_up()) mark.acknowledged_at = now;
  if (judged && before.verdict == model::Verdict::kUndecided) mark.triaged_at = now;
  if (mark.of_incident && before.is_first && !after.is_first) mark.triaged_at = now;
  if (closed) mark.resolved_at = now;
  if (handed_on && before.is_taken_up()) mark.escalated_at = now;
  if ((judged || closed) && origin.kind == ActorKind::kPerson) {
    mark.handled_at = now;
    mark.handled_by = origin.actor;
  }
}

Result<void> save(const DeskMark& mark, TenantId tenant, WriteContext& context) {
  return context.db
      .prepare(
          "INSERT INTO desk_marks (tenant, kind, object, id, severity, verdict, began_at, acknowledged_at, "
          "triaged_at, resolved_at, escalated_at, handled_at, handled_by, reopened, last_at) VALUES (?1, ?2, "
          "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (tenant, kind, object) DO "
          "UPDATE SET severity = excluded.severity, verdict = excluded.verdict, "
          "acknowledged_at = coalesce(desk_marks.acknowledged_at, excluded.acknowledged_at), "
          "triaged_at = coalesce(desk_marks.triaged_at, excluded.triaged_at), "
          "resolved_at = CASE WHEN excluded.reopened > 0 THEN NULL ELSE coalesce(excluded.resolved_at, "
          "desk_marks.resolved_at) END, "
          "escalated_at = coalesce(desk_marks.escalated_at, excluded.escalated_at), "
          "handled_at = coalesce(excluded.handled_at, desk_marks.handled_at), "
          "handled_by = CASE WHEN excluded.handled_at IS NULL THEN desk_marks.handled_by ELSE "
          "excluded.handled_by END, "
          "reopened = desk_marks.reopened + excluded.reopened, last_at = excluded.last_at")
      .run(tenant.value, static_cast<int>(mark.of_incident), mark.object, mark.id, mark.severity,
           mark.verdict, mark.began_at, mark.acknowledged_at, mark.triaged_at, mark.resolved_at,
           mark.escalated_at, mark.handled_at, mark.handled_by, mark.reopened, mark.last_at);
}

Result<void> keep(DeskMark mark, const State& before, const State& after, TenantId tenant,
                  WriteContext& context) {
  if (before == after) return {};
  mark.verdict = after.verdict;
  mark.last_at = context.now;
  mark.reopened = before.is_closed && !after.is_closed ? 1 : 0;
  const bool is_machine = context.origin->kind == ActorKind::kMachine;
  if (is_machine && mark.reopened == 0) return {};
  if (!is_machine) mark_person(mark, before, after, *context.origin, context.now);
  return save(mark, tenant, context);
}

std::optional<Timestamp> time_or_null(const Statement& row, int column) {
  return row.null(column) ? std::nullopt : std::optional(row.time(column));
}

DeskMark read_mark(const Statement& row) {
  return {.of_incident = row.int64(0) != 0,
          .object = row.int64(1),
          .id = std::string(row.text(2)),
          .severity = static_cast<model::Severity>(row.integer(3)),
          .verdict = static_cast<model::Verdict>(row.integer(4)),
          .began_at = row.time(5),
          .acknowledged_at = time_or_null(row, 6),
          .triaged_at = time_or_null(row, 7),
          .resolved_at = time_or_null(row, 8),
          .escalated_at = time_or_null(row, 9),
          .handled_at = time_or_null(row, 10),
          .handled_by = std::string(row.text(11)),
          .reopened = row.int64(12),
          .last_at = row.time(13)};
}

SqlText newest_since(std::string_view select, std::string_view column, TenantId tenant, Timestamp from,
                     std::size_t limit) {
  SqlText text;
  text.sql = join_sql({select, " WHERE tenant = "});
  text.sql += text.bind(tenant.value);
  text.sql.append(" AND ").append(column).append(" >= ");
  text.sql += text.bind(to_unix_nanos(from));
  text.sql.append(" ORDER BY ").append(column).append(" DESC LIMIT ");
  text.sql += text.bind(static_cast<std::int64_t>(limit));
  return text;
}

}  // namespace

std::string_view to_text(AnswerKind kind) {
  return kAnswerKinds[static_cast<std::size_t>(kind)];
}

std::optional<AnswerKind> parse_answer_kind(std::string_view text) {
  for (std::size_t i = 0; i < kAnswerKinds.size(); ++i) {
    if (kAnswerKinds[i] == text) return static_cast<AnswerKind>(i);
  }
  return std::nullopt;
}

SqlText desk_marks_sql(TenantId tenant, Timestamp from, std::size_t limit) {
  return newest_since(
      "SELECT kind, object, id, severity, verdict, began_at, acknowledged_at, triaged_at, resolved_at, "
      "escalated_at, handled_at, handled_by, reopened, last_at FROM desk_marks",
      "last_at", tenant, from, limit);
}

SqlText ratings_sql(TenantId tenant, Timestamp from, std::size_t limit) {
  return newest_since("SELECT kind, answer, actor, helpful, rated_at FROM answer_ratings", "rated_at", tenant,
                      from, limit);
}

Result<std::vector<DeskMark>> SqlDeskStore::marks(Timestamp from, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const auto text = desk_marks_sql(tenant_, from, limit);
  auto rows = db->prepare(text.sql);
  rows.query_values(text.values);
  std::vector<DeskMark> found;
  while (rows.next()) found.push_back(read_mark(rows));
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<std::vector<AnswerRating>> SqlDeskStore::ratings(Timestamp from, std::size_t limit) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const auto text = ratings_sql(tenant_, from, limit);
  auto rows = db->prepare(text.sql);
  rows.query_values(text.values);
  std::vector<AnswerRating> found;
  while (rows.next()) {
    found.push_back({static_cast<AnswerKind>(rows.integer(0)), std::string(rows.text(1)),
                     std::string(rows.text(2)), rows.int64(3) != 0, rows.time(4)});
  }
  TOCSIN_CHECK(rows.status());
  return found;
}

Result<void> SqlDeskStore::rate(const AnswerRating& rating) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_CHECK(context.db
                     .prepare("INSERT INTO answer_ratings (tenant, kind, answer, actor, helpful, rated_at) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant, kind, answer, actor) DO "
                              "UPDATE SET helpful = excluded.helpful, rated_at = excluded.rated_at")
                     .run(tenant_.value, static_cast<int>(rating.kind), rating.answer, rating.actor,
                          static_cast<int>(rating.helpful), context.now));
    TOCSIN_CHECK(
        context.db
            .prepare("DELETE FROM answer_ratings WHERE tenant = ?1 AND rated_at < (SELECT rated_at "
                     "FROM answer_ratings WHERE tenant = ?1 ORDER BY rated_at DESC LIMIT 1 OFFSET ?2)")
            .run(tenant_.value, kMaxRatings - 1));
    return write_audit(context, tenant_, audit_of(rating));
  });
}

Result<void> keep_mark(Seq seq, const model::Alert& before, const model::Alert& after, TenantId tenant,
                       WriteContext& context) {
  return keep(
      {.object = seq, .id = after.id.str(), .severity = after.severity, .began_at = after.received_at},
      state_of(before), state_of(after), tenant, context);
}

Result<void> keep_mark(const model::Incident& before, const model::Incident& after, TenantId tenant,
                       WriteContext& context) {
  return keep({.of_incident = true,
               .object = after.seq,
               .id = after.id.str(),
               .severity = after.severity,
               .began_at = after.created_at},
              state_of(before), state_of(after), tenant, context);
}

}  // namespace tocsin::store
