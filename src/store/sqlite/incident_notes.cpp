#include "store/sqlite/incident_notes.h"

#include "store/audit_entries.h"
#include "store/sqlite/incident_row.h"
#include "store/sqlite/incident_store.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kTextBytes = 64U << 10;
constexpr std::string_view kSelect =
    "SELECT id, incident, author, text, created_at, revision, edited_by, edited_at FROM notes ";

model::Note read_note(const Statement& row) {
  model::Note note;
  note.id = NoteId::parse(row.text(0)).value_or(NoteId());
  note.incident = IncidentId::parse(row.text(1)).value_or(IncidentId());
  note.author = row.text(2);
  note.text = row.text(3);
  note.created_at = row.time(4);
  note.revision = row.int64(5);
  note.edited_by = row.text(6);
  note.edited_at = row.time(7);
  return note;
}

Result<void> insert_note(const model::Note& note, bool replaceable, TenantId tenant, Connection& db) {
  auto insert = db.prepare(
      "INSERT INTO notes (tenant, id, incident, replaceable, author, text, created_at) VALUES (?1, ?2, ?3, "
      "?4, ?5, ?6, ?7)");
  return insert.run(tenant.value, note.id.str(), note.incident.str(), replaceable, note.author, note.text,
                    note.created_at);
}

Result<std::optional<model::Note>> find_note(const IncidentId& incident, const NoteId& id, TenantId tenant,
                                             Connection& db) {
  auto row = db.prepare(join_sql({kSelect, "WHERE tenant = ?1 AND incident = ?2 AND id = ?3"}));
  std::optional<model::Note> note;
  if (row.query(tenant.value, incident.str(), id.str()).next()) note = read_note(row);
  TOCSIN_CHECK(row.status());
  return note;
}

// The first text and the newest ones stay.
Result<void> keep_text(const model::Note& note, TenantId tenant, Connection& db) {
  const bool edited = !note.edited_by.empty();
  auto insert = db.prepare(
      "INSERT INTO note_revisions (tenant, note, revision, author, text, written_at) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6)");
  TOCSIN_CHECK(insert.run(tenant.value, note.id.str(), note.revision, edited ? note.edited_by : note.author,
                          note.text, edited ? note.edited_at : note.created_at));
  auto drop = db.prepare(
      "DELETE FROM note_revisions WHERE tenant = ?1 AND note = ?2 AND revision > 1 AND revision <= ?3");
  return drop.run(tenant.value, note.id.str(), note.revision - (kMaxRevisions - 2));
}

Result<model::Note> change_text(model::Note note, std::string_view author, std::string_view text,
                                TenantId tenant, WriteContext& context) {
  TOCSIN_CHECK(keep_text(note, tenant, context.db));
  note.text = text;
  note.edited_by = author;
  note.edited_at = context.now;
  ++note.revision;
  auto update = context.db.prepare(
      "UPDATE notes SET text = ?3, edited_by = ?4, edited_at = ?5, revision = ?6 WHERE tenant = ?1 AND id = "
      "?2");
  TOCSIN_CHECK(
      update.run(tenant.value, note.id.str(), note.text, note.edited_by, note.edited_at, note.revision));
  return note;
}

Result<void> check_length(std::string_view text) {
  if (text.size() <= kTextBytes) return {};
  return error(ErrorKind::kInvalidInput, "write a note", "it is longer than 64 KiB", "Shorten it", "/text");
}

Error no_such_note(const NoteId& id) {
  return error(ErrorKind::kNotFound, "find note", "this incident has no note " + id.str());
}

}  // namespace

Error no_such_incident(const IncidentId& id) {
  return error(ErrorKind::kNotFound, "find incident", "there is no incident " + id.str());
}

Result<std::optional<std::string>> replace_note(const IncidentId& id, const IncidentChange& change,
                                                TenantId tenant, WriteContext& context) {
  std::optional<std::string> text_before;
  if (!change.analyst_notes) return text_before;
  auto row =
      context.db.prepare(join_sql({kSelect, "WHERE tenant = ?1 AND incident = ?2 AND replaceable = 1"}));
  std::optional<model::Note> before;
  if (row.query(tenant.value, id.str()).next()) before = read_note(row);
  TOCSIN_CHECK(row.status());
  if (before) {
    text_before = before->text;
    if (before->text == *change.analyst_notes) return text_before;
    TOCSIN_TRY(after, change_text(*std::move(before), change.actor, *change.analyst_notes, tenant, context));
    (void)after;
    return text_before;
  }
  if (change.analyst_notes->empty()) return text_before;
  TOCSIN_CHECK(insert_note({NoteId::make(context.now), id, change.actor, *change.analyst_notes, context.now},
                           true, tenant, context.db));
  return text_before;
}

Result<model::Note> SqliteIncidentStore::add_note(const IncidentId& id, std::string_view author,
                                                  std::string_view text) {
  TOCSIN_CHECK(check_length(text));
  return parts_.writer.wait<model::Note>([&](WriteContext& context) -> Result<model::Note> {
    TOCSIN_TRY(incident, find_incident(context.db, tenant_, id.str()));
    if (!incident) return no_such_incident(id);
    const model::Note note{NoteId::make(context.now), id, std::string(author), std::string(text),
                           context.now};
    TOCSIN_CHECK(insert_note(note, false, tenant_, context.db));
    TOCSIN_CHECK(mark_decided(incident->seq, tenant_, context));
    TOCSIN_CHECK(write_audit(context, tenant_, audit_of(std::nullopt, note)));
    return note;
  });
}

// A note that was emptied is hidden, its earlier texts are kept.
Result<std::vector<model::Note>> SqliteIncidentStore::notes(const IncidentId& id) const {
  TOCSIN_TRY(db, parts_.readers.take());
  auto row =
      db->prepare(join_sql({kSelect, "WHERE tenant = ?1 AND incident = ?2 AND text <> '' ORDER BY number"}));
  std::vector<model::Note> notes;
  row.query(tenant_.value, id.str());
  while (row.next()) notes.push_back(read_note(row));
  TOCSIN_CHECK(row.status());
  return notes;
}

Result<model::Note> SqliteIncidentStore::edit_note(const IncidentId& id, const NoteId& note,
                                                   std::string_view author, std::string_view text,
                                                   std::optional<std::int64_t> if_revision) {
  TOCSIN_CHECK(check_length(text));
  return parts_.writer.wait<model::Note>([&](WriteContext& context) -> Result<model::Note> {
    TOCSIN_TRY(before, find_note(id, note, tenant_, context.db));
    if (!before) return no_such_note(note);
    if (if_revision && *if_revision != before->revision) {
      return error(ErrorKind::kConflict, "edit note " + note.str(), "it was edited by someone else",
                   "Read it again and repeat the edit");
    }
    TOCSIN_TRY(incident, find_incident(context.db, tenant_, id.str()));
    TOCSIN_TRY(after, change_text(*before, author, text, tenant_, context));
    if (incident) TOCSIN_CHECK(mark_decided(incident->seq, tenant_, context));
    TOCSIN_CHECK(write_audit(context, tenant_, audit_of(before, after)));
    return after;
  });
}

Result<std::vector<model::NoteRevision>> SqliteIncidentStore::note_revisions(const IncidentId& id,
                                                                             const NoteId& note) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(now, find_note(id, note, tenant_, *db));
  if (!now) return no_such_note(note);
  std::vector<model::NoteRevision> revisions;
  const bool edited = !now->edited_by.empty();
  revisions.push_back({now->revision, edited ? now->edited_by : now->author, now->text,
                       edited ? now->edited_at : now->created_at});
  auto row = db->prepare(
      "SELECT revision, author, text, written_at FROM note_revisions WHERE tenant = ?1 AND note = ?2 "
      "ORDER BY revision DESC");
  row.query(tenant_.value, note.str());
  while (row.next()) {
    revisions.push_back({row.int64(0), std::string(row.text(1)), std::string(row.text(2)), row.time(3)});
  }
  TOCSIN_CHECK(row.status());
  return revisions;
}

}  // namespace tocsin::store
