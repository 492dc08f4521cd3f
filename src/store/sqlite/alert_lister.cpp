#include "store/sqlite/alert_lister.h"

#include <algorithm>
#include <unordered_set>

#include "store/sqlite/alert_list.h"
#include "store/sqlite/alert_plan.h"
#include "store/sqlite/alert_read.h"
#include "store/sqlite/search_text.h"

namespace tocsin::store {
namespace {

constexpr std::int64_t kWalkedAtMost = 5'000;      // rows of a driver other than the runs
constexpr std::size_t kUnindexedSearched = 5'000;  // newest alerts whose documents are searched one by one
constexpr std::size_t kLimit = 1'000;
constexpr std::size_t kOffset = 100'000;

constexpr std::size_t kFirstChunk = 256;  // rows; each next one is twice as long
constexpr std::size_t kLongestChunk = 8'192;
constexpr model::Seq kFirstWindow = 1024;  // seqs; each next one is twice as wide

using Rows = std::vector<Cursor>;

class Lister {
 public:
  Lister(Connection& db, TenantId tenant, const AlertQuery& query, ScopePtr scope, const RowLimits& limits)
      : db_(db), limits_(limits), plan_(plan_alerts(query)), query_(plan_.query), list_{tenant, query_} {
    if (plan_.has_rest()) list_.rest = &plan_.rest;
    list_.scope = std::move(scope);
    if (!list_.looks_at_rows()) return;
    list_.budget = std::make_shared<RowBudget>();
    list_.documents = read_documents(db, list_.budget);
  }

  Result<Page<StoredAlert>> run() {
    TOCSIN_CHECK(check());
    Page<StoredAlert> page;
    if (query_.incident) TOCSIN_CHECK(find_incident());
    if (query_.incident && list_.incident == 0) return page;
    TOCSIN_CHECK(choose_driver());
    TOCSIN_TRY(
        rows, list_.driver == AlertDriver::kWords ? word_rows() : walk_rows(query_.offset, query_.limit + 1));
    const bool whole = !from_ && query_.offset == 0 && !ended_at_ && rows.size() <= query_.limit;
    const auto found = static_cast<std::int64_t>(rows.size());
    if (rows.size() > query_.limit) {
      rows.resize(query_.limit);
      page.next_cursor = encode_cursor(list_name(query_.sort), rows.back());
    } else if (ended_at_) {
      page.next_cursor = encode_cursor(list_name(query_.sort), *ended_at_);
    }
    std::vector<model::Seq> seqs;
    for (const auto& row : rows) seqs.push_back(row.seq);
    TOCSIN_TRY(alerts, load_alerts(db_, list_.tenant, seqs));
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

  Result<void> choose_driver() {
    question_ = parse_question(query_.text);
    auto words = question_;
    for (const auto& entity : query_.entities) words = with_entity(words, entity);
    if (!words.empty()) {
      list_.driver = AlertDriver::kWords;
      return choose_words(std::move(words));
    }
    if (!plan_.match.empty() && !query_.incident) {
      list_.driver = AlertDriver::kWords;
      list_.match = plan_.match;
      return {};
    }
    for (const auto driver : possible_drivers(query_)) {
      list_.driver = driver;
      if (has_order(driver)) return {};
      TOCSIN_TRY(rows, single_number(probe_sql(list_, kWalkedAtMost + 1)));
      if (rows <= kWalkedAtMost) return {};
    }
    list_.driver = AlertDriver::kRuns;
    return {};
  }

  // FTS5 gathers all alerts of a prefix before it gives the first. So a last word that is a common word
  // itself is that word, and one letter is no prefix.
  Result<void> choose_words(SearchQuestion words) {
    if (words.prefix) {
      auto exact = words;
      exact.prefix = false;
      SqlText text;
      text.sql = "SELECT count(*) FROM (SELECT 1 FROM alert_text WHERE alert_text MATCH " +
                 text.bind(exact.to_match()) + " LIMIT " + text.bind(kCountedAtMost + 1) + ")";
      TOCSIN_TRY(matches, single_number(text));
      words.prefix = matches <= kCountedAtMost && words.words.back().size() > 1;
      question_.prefix = words.prefix;
    }
    list_.match = words.to_match();
    if (!plan_.match.empty()) list_.match = plan_.match + " AND " + list_.match;
    return {};
  }

  // Walks that need no sorting, or that belong to one incident, are worth it however long they are.
  bool has_order(AlertDriver driver) const {
    const bool by_name = driver == AlertDriver::kType || driver == AlertDriver::kSource;
    return driver == AlertDriver::kIncident || (by_name && sorted_by_seq(query_.sort));
  }

  // The entity's words first: the last word of the question may be a prefix, and must stay the last.
  static SearchQuestion with_entity(const SearchQuestion& question, std::string_view entity) {
    auto both = exact_question(entity);
    both.words.insert(both.words.end(), question.words.begin(), question.words.end());
    both.prefix = question.prefix && !question.empty();
    return both;
  }

  Result<std::int64_t> single_number(const SqlText& text) {
    auto row = db_.prepare(text.sql);
    std::int64_t number = 0;
    if (row.query_values(text.values).next()) number = row.int64(0);
    TOCSIN_CHECK(row.status());
    return number;
  }

  Result<void> append_rows(const SqlText& text, Rows& rows) {
    auto row = db_.prepare(text.sql);
    row.query_values(text.values);
    while (row.next()) rows.push_back({row.int64(0), row.int64(1)});
    if (list_.budget && list_.budget->spent) return too_costly();
    return row.status();
  }

  Result<Rows> walk_rows(std::size_t offset, std::size_t limit) {
    if (list_.looks_at_rows() && sorted_by_seq(query_.sort)) return windowed_rows(offset, limit);
    if (list_.scope) return chunked_rows(offset, limit);
    if (list_.looks_at_rows()) list_.budget->most = limits_.sorted;
    return rows_after(list_, from_, offset, limit);
  }

  // What shares the cursor's key comes before what lies beyond it.
  Result<Rows> rows_after(const AlertList& list, const std::optional<Cursor>& from, std::size_t offset,
                          std::size_t limit) {
    Rows rows;
    const bool two_parts = from && !sorted_by_seq(query_.sort);
    if (two_parts) TOCSIN_CHECK(append_rows(page_sql(list, from, true, limit, 0), rows));
    if (rows.size() < limit) {
      TOCSIN_CHECK(append_rows(page_sql(list, from, false, limit - rows.size(), offset), rows));
    }
    return rows;
  }

  // A scope may leave nothing of a run of the index, and SQLite merges runs by the first row of each: it
  // would read that one whole. So rows come in their order first, and are looked at then.
  Result<Rows> chunked_rows(std::size_t offset, std::size_t limit) {
    auto all = list_;
    all.rest = nullptr;
    all.scope = nullptr;
    Rows passed;
    auto from = from_;
    for (auto chunk = kFirstChunk;; chunk = std::min(chunk * 2, kLongestChunk)) {
      TOCSIN_TRY(rows, rows_after(all, from, 0, chunk));
      if (!rows.empty()) from = rows.back();
      const bool at_end = rows.size() < chunk;
      TOCSIN_CHECK(append_passing(rows, passed));
      if (at_end || passed.size() >= offset + limit) break;
      if (list_.budget->examined < limits_.page) continue;
      ended_at_ = from;
      break;
    }
    passed.resize(std::min(passed.size(), offset + limit));
    passed.erase(passed.begin(),
                 passed.begin() + static_cast<std::ptrdiff_t>(std::min(offset, passed.size())));
    return passed;
  }

  Result<void> append_passing(const Rows& rows, Rows& passed) {
    for (std::size_t at = 0; at < rows.size(); at += kSeqsAtOnce) {
      std::vector<model::Seq> seqs;
      for (auto i = at; i < std::min(at + kSeqsAtOnce, rows.size()); ++i) seqs.push_back(rows[i].seq);
      const auto text = passing_sql(list_, seqs);
      std::unordered_set<model::Seq> kept;
      auto row = db_.prepare(text.sql);
      row.query_values(text.values);
      while (row.next()) kept.insert(row.int64(0));
      TOCSIN_CHECK(row.status());
      for (auto i = at; i < at + seqs.size(); ++i) {
        if (kept.contains(rows[i].seq)) passed.push_back(rows[i]);
      }
    }
    return {};
  }

  // How much a walk reads before it finds something is not known. So it goes in windows, each of a statement
  // of its own, and may stop between two.
  Result<Rows> windowed_rows(std::size_t offset, std::size_t limit) {
    TOCSIN_TRY(bounds, first_and_last());
    const bool up = ascending(query_.sort);
    auto [first, last] = bounds;
    if (from_) (up ? first : last) = up ? std::max(first, from_->seq + 1) : std::min(last, from_->seq - 1);
    Rows rows;
    auto window = list_;
    for (auto width = kFirstWindow; first <= last && rows.size() < offset + limit; width *= 2) {
      if (list_.budget->examined >= limits_.page) {
        ended_at_ = Cursor{up ? first - 1 : last + 1, up ? first - 1 : last + 1};
        break;
      }
      window.only_after = up ? first - 1 : std::max(first, last - width + 1) - 1;
      window.only_before = up ? std::min(last, first + width - 1) + 1 : last + 1;
      TOCSIN_CHECK(append_rows(page_sql(window, {}, false, offset + limit - rows.size(), 0), rows));
      (up ? first : last) = up ? window.only_before : window.only_after;
    }
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(offset, rows.size())));
    return rows;
  }

  Result<std::pair<model::Seq, model::Seq>> first_and_last() {
    SqlText ends;
    ends.sql = "SELECT (SELECT min(seq) FROM alerts), (SELECT max(seq) FROM alerts)";
    Rows bounds;
    TOCSIN_CHECK(append_rows(ends, bounds));
    return std::pair(bounds.at(0).key, bounds.at(0).seq);
  }

  Error too_costly() const {
    return error(ErrorKind::kInvalidInput, "list alerts",
                 "in this order the query would read more than " + std::to_string(limits_.sorted) + " alerts",
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
    TOCSIN_TRY(indexed, watermark_of(db_, "search"));
    AlertQuery newest = query_;
    newest.sort = AlertSort::kNewest;
    AlertList list{list_.tenant, newest};
    list.incident = list_.incident;
    list.only_after = std::max<model::Seq>(indexed, 0);
    list.rest = list_.rest;
    list.scope = list_.scope;
    list.budget = list_.budget;
    list.documents = list_.documents;
    Rows found;
    TOCSIN_CHECK(append_rows(page_sql(list, std::nullopt, false, kUnindexedSearched, 0), found));
    std::vector<model::Seq> seqs;
    for (const auto& row : found) {
      if (row.seq > indexed) seqs.push_back(row.seq);
    }
    TOCSIN_TRY(alerts, load_alerts(db_, list_.tenant, seqs));
    if (!question_.empty()) TOCSIN_CHECK(load_documents(db_, alerts));
    Rows rows;
    for (const auto& stored : alerts) {
      if (question_.empty() || question_.matches(search_words(stored.alert)))
        rows.push_back({key_of(stored), stored.seq});
    }
    return rows;
  }

  Result<Rows> word_rows() {
    TOCSIN_TRY(rows, walk_rows(0, query_.offset + query_.limit + 1));
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
    if (!is_filtered(query_) && !list_.looks_at_rows()) {
      SqlText text;
      text.sql = "SELECT value FROM counters WHERE tenant = " + text.bind(list_.tenant.value) +
                 " AND kind = " + text.bind(static_cast<std::int64_t>(Counter::kAlerts)) + " AND name = ''";
      return single_number(text);
    }
    auto counted = list_;
    if (counted.driver == AlertDriver::kRuns && query_.type) counted.driver = AlertDriver::kType;
    if (counted.driver == AlertDriver::kRuns && query_.source) counted.driver = AlertDriver::kSource;
    if (counted.looks_at_rows()) return count_within_budget(counted);
    TOCSIN_TRY(total, single_number(count_sql(counted, kCountedAtMost + 1)));
    return total + unindexed_matches_;
  }

  // In a scope the newest are counted: what the index has first may well have nothing of it.
  Result<std::int64_t> count_within_budget(AlertList list) {
    *list.budget = {.most = list.scope ? 0 : limits_.count};
    std::int64_t total = unindexed_matches_;
    if (!list.scope) {
      TOCSIN_CHECK(count_rows(list, total));
      return total;
    }
    TOCSIN_TRY(bounds, first_and_last());
    auto last = bounds.second;
    for (auto width = kFirstWindow; last >= bounds.first && total <= kCountedAtMost; width *= 2) {
      counted_in_part_ = list.budget->examined >= limits_.count;
      if (counted_in_part_) break;
      list.only_after = std::max(bounds.first, last - width + 1) - 1;
      list.only_before = last + 1;
      TOCSIN_CHECK(count_rows(list, total));
      last = list.only_after;
    }
    return total;
  }

  Result<void> count_rows(const AlertList& list, std::int64_t& total) {
    const auto text = count_sql(list, kCountedAtMost + 1);
    auto row = db_.prepare(text.sql);
    row.query_values(text.values);
    while (row.next()) ++total;
    counted_in_part_ = list.budget->spent;
    return counted_in_part_ ? Result<void>() : row.status();
  }

  Connection& db_;
  const RowLimits limits_;
  const AlertPlan plan_;
  const AlertQuery& query_;  // the plan's
  AlertList list_;
  SearchQuestion question_;
  std::optional<Cursor> from_;
  std::optional<Cursor> ended_at_;  // the page ended early, just before the row behind this
  bool counted_in_part_ = false;
  std::int64_t unindexed_matches_ = 0;
};

}  // namespace

Result<Page<StoredAlert>> list_alerts(Connection& db, TenantId tenant, const AlertQuery& query,
                                      ScopePtr scope, const RowLimits& limits) {
  return Lister(db, tenant, query, std::move(scope), limits).run();
}

}  // namespace tocsin::store
