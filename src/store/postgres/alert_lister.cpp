#include "store/postgres/alert_lister.h"

#include <algorithm>

#include "model/matcher.h"
#include "store/postgres/alert_list.h"
#include "store/postgres/alert_read.h"
#include "store/sqlite/alert_list.h"
#include "store/sqlite/alert_plan.h"
#include "store/sqlite/search_text.h"

namespace tocsin::store::postgres {
namespace {

constexpr std::size_t kUnindexedSearched = 5'000;  // newest alerts whose documents are searched one by one
constexpr std::size_t kLimit = 1'000;
constexpr std::size_t kOffset = 100'000;

// Of what SQL does not know: alerts that one call looks at, so that it costs a second or two at most.
constexpr std::size_t kPageBudget = 50'000;    // by seq: beyond it the page ends early, with a cursor
constexpr std::size_t kSortedBudget = 50'000;  // by another order: beyond it the query is refused
constexpr std::size_t kCountBudget = 20'000;   // beyond it the total is capped
constexpr std::size_t kFirstChunk = 256;       // each next one is twice as long
constexpr std::size_t kLongestChunk = 8'192;

using Rows = std::vector<Cursor>;

bool needs_document(const model::Condition& condition) {
  using model::Field;
  if (condition.kind == model::Condition::Kind::kWords) return true;
  if (condition.kind != model::Condition::Kind::kTest)
    return std::any_of(condition.parts.begin(), condition.parts.end(), needs_document);
  const auto field = condition.test.field;
  return field == Field::kMessage || (field >= Field::kIoc && field <= Field::kMac);
}

class Lister {
 public:
  Lister(Connection& db, TenantId tenant, const AlertQuery& query, ScopePtr scope)
      : db_(db),
        plan_(plan_alerts(query)),
        query_(plan_.query),
        list_{tenant, query_},
        scope_(std::move(scope)),
        matcher_(plan_.rest),
        with_documents_(needs_document(plan_.rest)) {}

  Result<Page<StoredAlert>> run() {
    TOCSIN_CHECK(check());
    Page<StoredAlert> page;
    if (query_.incident) TOCSIN_CHECK(find_incident());
    if (query_.incident && list_.incident == 0) return page;
    TOCSIN_CHECK(choose_words());
    TOCSIN_TRY(rows, list_.words.empty() ? walk(list_, from_, query_.offset, query_.limit + 1) : word_rows());
    const bool whole = !from_ && query_.offset == 0 && !ended_at_ && rows.size() <= query_.limit;
    const auto found = static_cast<std::int64_t>(rows.size());
    if (rows.size() > query_.limit) {
      rows.resize(query_.limit);
      page.next_cursor = encode_cursor(list_name(query_.sort), rows.back());
    } else if (ended_at_) {
      page.next_cursor = encode_cursor(list_name(query_.sort), *ended_at_);
    }
    TOCSIN_TRY(alerts, load_alerts(db_, list_.tenant, seqs_of(rows)));
    page.items = std::move(alerts);
    if (whole) {
      page.total = found;
      return page;
    }
    TOCSIN_TRY(total, count());
    page.total = std::min(std::max(total, found), kCountedAtMost);
    page.total_capped = total > kCountedAtMost || counted_in_part_;
    return page;
  }

 private:
  static std::vector<Seq> seqs_of(const Rows& rows) {
    std::vector<Seq> seqs;
    for (const auto& row : rows) seqs.push_back(row.seq);
    return seqs;
  }

  Result<void> check() {
    if (query_.limit < 1 || query_.limit > kLimit) {
      return error(ErrorKind::kInvalidInput, "list alerts", "limit is not in 1..1000", {}, "limit");
    }
    if (query_.offset > kOffset) {
      return error(ErrorKind::kInvalidInput, "list alerts", "offset is beyond 100000", "Page with a cursor",
                   "offset");
    }
    if (query_.cursor.empty()) return {};
    TOCSIN_TRY(cursor, decode_cursor(list_name(query_.sort), query_.cursor));
    from_ = cursor;
    return {};
  }

  Result<void> find_incident() {
    auto row = db_.prepare("SELECT seq FROM incidents WHERE tenant = ?1 AND id = ?2");
    if (row.query(list_.tenant.value, query_.incident->str()).next()) list_.incident = row.int64(0);
    return row.status();
  }

  // The entities' words first: the last word of the question may be a prefix, and must stay the last.
  Result<void> choose_words() {
    question_ = parse_question(query_.text);
    SearchQuestion words;
    for (const auto& entity : query_.entities) {
      const auto exact = exact_question(entity).words;
      words.words.insert(words.words.end(), exact.begin(), exact.end());
    }
    words.words.insert(words.words.end(), question_.words.begin(), question_.words.end());
    words.prefix = question_.prefix && !question_.empty();
    if (words.prefix) TOCSIN_CHECK(choose_prefix(words));
    auto match = words.to_match();
    if (!plan_.match.empty()) match = match.empty() ? plan_.match : plan_.match + " AND " + match;
    list_.words = to_tsquery(match);
    return {};
  }

  // A last word that is a common word itself is that word, and one letter is no prefix: each would gather
  // much before it gave the first alert.
  Result<void> choose_prefix(SearchQuestion& words) {
    auto exact = words;
    exact.prefix = false;
    TOCSIN_TRY(matches, single_number(
                            count_words_sql(list_.tenant, to_tsquery(exact.to_match()), kCountedAtMost + 1)));
    words.prefix = matches <= kCountedAtMost && words.words.back().size() > 1;
    question_.prefix = words.prefix;
    return {};
  }

  Result<std::int64_t> single_number(const SqlText& text) {
    auto row = db_.prepare(text.sql);
    std::int64_t number = 0;
    if (row.query_values(text.values).next()) number = row.int64(0);
    TOCSIN_CHECK(row.status());
    return number;
  }

  Result<Rows> read_rows(const SqlText& text) {
    Rows rows;
    auto row = db_.prepare(text.sql);
    row.query_values(text.values);
    while (row.next()) rows.push_back({row.int64(0), row.int64(1)});
    TOCSIN_CHECK(row.status());
    return rows;
  }

  Result<Rows> walk(const AlertList& list, const std::optional<Cursor>& from, std::size_t offset,
                    std::size_t limit) {
    if (!looks_at_rows()) return read_rows(page_sql(list, from, limit, offset));
    TOCSIN_TRY(rows, walk_rest(list, from, offset + limit,
                               sorted_by_seq(query_.sort) ? kPageBudget : kSortedBudget));
    if (spent_ && !scope_ && !sorted_by_seq(query_.sort)) return too_costly();
    if (spent_) ended_at_ = last_seen_;
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(offset, rows.size())));
    return rows;
  }

  // What SQL does not know is asked of the alerts themselves, chunk by chunk.
  Result<Rows> walk_rest(const AlertList& list, std::optional<Cursor> from, std::size_t limit,
                         std::size_t budget) {
    Rows passed;
    spent_ = false;
    std::size_t examined = 0;
    for (auto chunk = kFirstChunk; passed.size() < limit; chunk = std::min(chunk * 2, kLongestChunk)) {
      if (examined >= budget) {
        spent_ = true;
        last_seen_ = *from;
        break;
      }
      TOCSIN_TRY(rows, read_rows(page_sql(list, from, chunk, 0)));
      examined += rows.size();
      if (!rows.empty()) from = rows.back();
      const bool end = rows.size() < chunk;
      TOCSIN_CHECK(keep_matching(rows));
      for (const auto& row : rows) {
        if (passed.size() < limit) passed.push_back(row);
      }
      if (end) break;
    }
    return passed;
  }

  bool looks_at_rows() const { return plan_.has_rest() || scope_ != nullptr; }

  Result<void> keep_in_scope(Rows& rows) {
    if (!scope_) return {};
    TOCSIN_TRY(seqs, seqs_in_scope(db_, list_.tenant, *scope_, seqs_of(rows)));
    auto kept = seqs.begin();
    std::erase_if(rows, [&](const Cursor& row) {
      if (kept == seqs.end() || *kept != row.seq) return true;
      ++kept;
      return false;
    });
    return {};
  }

  Result<void> keep_matching(Rows& rows) {
    TOCSIN_CHECK(keep_in_scope(rows));
    if (!plan_.has_rest()) return {};
    TOCSIN_TRY(alerts, load_alerts(db_, list_.tenant, seqs_of(rows)));
    if (with_documents_) TOCSIN_CHECK(load_documents(db_, list_.tenant, alerts));
    Rows kept;
    for (const auto& stored : alerts) {
      if (matcher_.matches(stored.alert)) kept.push_back({key_of(stored), stored.seq});
    }
    rows = std::move(kept);
    return {};
  }

  static Error too_costly() {
    return error(ErrorKind::kInvalidInput, "list alerts",
                 "in this order the query would read more than " + std::to_string(kSortedBudget) + " alerts",
                 "Sort by newest, which goes on page by page, or narrow it by time, source or status", "q");
  }

  std::int64_t key_of(const StoredAlert& stored) const {
    switch (query_.sort) {
      case AlertSort::kPriority:
        return stored.alert.priority;
      case AlertSort::kOccurred:
        return to_unix_nanos(stored.alert.occurred_at);
      default:
        return stored.seq;
    }
  }

  bool before(const Cursor& a, const Cursor& b) const {
    const auto x = std::pair(a.key, a.seq);
    const auto y = std::pair(b.key, b.seq);
    return ascending(query_.sort) ? x < y : x > y;
  }

  // Alerts that background indexing has not reached, newest first, whose own text matches.
  Result<Rows> unindexed_rows() {
    TOCSIN_TRY(indexed, number_for(db_, "SELECT seq FROM watermarks WHERE tenant = ?1 AND name = 'search'",
                                   list_.tenant));
    AlertQuery newest = query_;
    newest.sort = AlertSort::kNewest;
    AlertList list{list_.tenant, newest};
    list.incident = list_.incident;
    list.only_after = indexed;
    TOCSIN_TRY(found, read_rows(page_sql(list, std::nullopt, kUnindexedSearched, 0)));
    TOCSIN_CHECK(keep_in_scope(found));
    TOCSIN_TRY(alerts, load_alerts(db_, list_.tenant, seqs_of(found)));
    if (!question_.empty() || with_documents_) TOCSIN_CHECK(load_documents(db_, list_.tenant, alerts));
    Rows rows;
    for (const auto& stored : alerts) {
      const bool says_it = question_.empty() || question_.matches(search_words(stored.alert));
      if (says_it && matcher_.matches(stored.alert)) rows.push_back({key_of(stored), stored.seq});
    }
    return rows;
  }

  Result<Rows> word_rows() {
    TOCSIN_TRY(rows, walk(list_, from_, 0, query_.offset + query_.limit + 1));
    TOCSIN_TRY(unindexed, unindexed_rows());
    unindexed_matches_ = static_cast<std::int64_t>(unindexed.size());
    for (const auto& row : unindexed) {
      const bool beyond_page = ended_at_ && !before(row, *ended_at_);
      if ((!from_ || before(*from_, row)) && !beyond_page) rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [this](const Cursor& a, const Cursor& b) { return before(a, b); });
    const auto skipped = std::min(query_.offset, rows.size());
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(skipped));
    return rows;
  }

  Result<std::int64_t> count() {
    if (looks_at_rows()) return count_rest();
    if (!is_filtered(query_)) return count_all();
    TOCSIN_TRY(total, single_number(count_sql(list_, kCountedAtMost + 1)));
    return total + unindexed_matches_;
  }

  Result<std::int64_t> count_all() {
    TOCSIN_TRY(counters, read_counters(db_, list_.tenant, Counter::kAlerts, 1));
    return counters.empty() ? std::int64_t{0} : counters[0].second;
  }

  Result<std::int64_t> count_rest() {
    AlertQuery newest = query_;
    newest.sort = AlertSort::kNewest;
    AlertList list{list_.tenant, newest};
    list.incident = list_.incident;
    list.words = list_.words;
    TOCSIN_TRY(rows,
               walk_rest(list, std::nullopt, static_cast<std::size_t>(kCountedAtMost) + 1, kCountBudget));
    counted_in_part_ = spent_;
    return static_cast<std::int64_t>(rows.size()) + unindexed_matches_;
  }

  Connection& db_;
  const AlertPlan plan_;
  const AlertQuery& query_;  // the plan's
  AlertList list_;
  const ScopePtr scope_;
  const model::Matcher matcher_;
  const bool with_documents_;
  SearchQuestion question_;
  std::optional<Cursor> from_;
  std::optional<Cursor> ended_at_;  // the page ended early, behind this row
  Cursor last_seen_;
  bool spent_ = false;
  bool counted_in_part_ = false;
  std::int64_t unindexed_matches_ = 0;
};

}  // namespace

Result<Page<StoredAlert>> list_alerts(Connection& db, TenantId tenant, const AlertQuery& query,
                                      ScopePtr scope) {
  return Lister(db, tenant, query, std::move(scope)).run();
}

}  // namespace tocsin::store::postgres
