#include "api/desk_report.h"

#include <utility>

#include "export/text.h"

namespace tocsin::api {
namespace {

constexpr int kMetricDays = 7;
constexpr std::chrono::seconds kMetricAge{60};

triage::WorkedCase to_case(store::DeskMark mark) {
  return {.of_incident = mark.of_incident,
          .id = std::move(mark.id),
          .verdict = mark.verdict,
          .began_at = mark.began_at,
          .acknowledged_at = mark.acknowledged_at,
          .triaged_at = mark.triaged_at,
          .resolved_at = mark.resolved_at,
          .escalated_at = mark.escalated_at,
          .handled_at = mark.handled_at,
          .handled_by = std::move(mark.handled_by),
          .reopened = mark.reopened,
          .last_at = mark.last_at};
}

std::string number_or_empty(const std::optional<double>& value) {
  return value ? metric_number(*value) : std::string();
}

std::optional<double> of_sample(const DeskLine& line, double value) {
  return line.spread.count > 0 && !line.share ? std::optional(value) : std::nullopt;
}

void write_line(JsonWriter& json, const DeskLine& line) {
  json.object([&] {
    json.member("name", line.name);
    json.member("unit", line.unit);
    json.member("count", line.spread.count);
    json.member("p50", of_sample(line, line.spread.p50));
    json.member("p90", of_sample(line, line.spread.p90));
    json.member("share", line.share);
    json.member("before", line.before);
    json.member("goal", line.goal);
    json.member("rows", line.rows);
  });
}

// What was measured of decisions before there were these figures, in their form.
void add_decided(std::vector<DeskLine>& lines, const triage::DeskMeasures& decided) {
  const auto share = [&](std::int64_t part) {
    return decided.decided > 0
               ? std::optional(static_cast<double>(part) / static_cast<double>(decided.decided))
               : std::nullopt;
  };
  const triage::Spread sample{.count = decided.decided};
  lines.push_back({.name = "false_positive_share",
                   .unit = "share",
                   .spread = sample,
                   .share = share(decided.false_positive),
                   .before = 0.70,
                   .goal = triage::DeskGoals{}.false_positive_share,
                   .rows = "/api/v1/alerts?verdict=false_positive"});
  lines.push_back({.name = "agreement",
                   .unit = "share",
                   .spread = sample,
                   .share = share(decided.agreed),
                   .rows = "/api/v1/alerts?verdict=false_positive,benign_positive,true_positive"});
}

void write_family(MetricText& text, std::string_view name, std::string_view help, triage::FigureUnit unit,
                  const std::vector<triage::Figure>& figures) {
  text.family(name, "gauge", help);
  for (const auto& figure : figures) {
    if (figure.kind->unit != unit || figure.spread.count == 0) continue;
    if (figure.share) {
      text.sample({{"figure", figure.kind->name}}, *figure.share);
      continue;
    }
    text.sample({{"figure", figure.kind->name}, {"quantile", "0.5"}}, figure.spread.p50);
    text.sample({{"figure", figure.kind->name}, {"quantile", "0.9"}}, figure.spread.p90);
  }
}

}  // namespace

Result<DeskRead> read_desk_work(store::TenantStore& store, Timestamp from) {
  TOCSIN_TRY(marks, store.desk().marks(from, kMostDeskRows));
  TOCSIN_TRY(ratings, store.desk().ratings(from, kMostDeskRows));
  DeskRead read;
  read.in_part = marks.size() == kMostDeskRows || ratings.size() == kMostDeskRows;
  read.work.from = from;
  read.work.cases.reserve(marks.size());
  for (auto& mark : marks) read.work.cases.push_back(to_case(std::move(mark)));
  for (auto& rating : ratings) {
    read.work.ratings.push_back({store::to_text(rating.kind), std::move(rating.answer),
                                 std::move(rating.actor), rating.helpful, rating.rated_at});
  }
  return read;
}

std::vector<DeskLine> desk_lines(const triage::DeskWork& work, const triage::DeskMeasures& decided,
                                 int days) {
  std::vector<DeskLine> lines;
  for (const auto& figure : triage::measure(work)) {
    const auto& kind = *figure.kind;
    lines.push_back(
        {.name = kind.name,
         .unit = to_text(kind.unit),
         .spread = figure.spread,
         .share = figure.share,
         .before = kind.before,
         .goal = kind.goal,
         .rows = "/api/v1/measures/rows?figure=" + std::string(kind.name) + "&days=" + std::to_string(days)});
  }
  add_decided(lines, decided);
  return lines;
}

void write_desk_lines(JsonWriter& json, const std::vector<DeskLine>& lines) {
  json.array([&] {
    for (const auto& line : lines) write_line(json, line);
  });
}

std::string desk_csv(const std::vector<DeskLine>& lines, Timestamp from, Timestamp until) {
  std::string out = "\xEF\xBB\xBF";
  const auto row = [&out](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      exports::append_csv_cell(out, cells[i]);
    }
    out += "\r\n";
  };
  row({"figure", "unit", "from", "until", "count", "p50", "p90", "share", "before", "goal", "rows"});
  for (const auto& line : lines) {
    row({std::string(line.name), std::string(line.unit), to_rfc3339(from), to_rfc3339(until),
         std::to_string(line.spread.count), number_or_empty(of_sample(line, line.spread.p50)),
         number_or_empty(of_sample(line, line.spread.p90)), number_or_empty(line.share),
         number_or_empty(line.before), number_or_empty(line.goal), line.rows});
  }
  return out;
}

Result<void> DeskMetrics::refresh() {
  const auto now = clock_.now();
  if (measured_at_ && now - *measured_at_ < kMetricAge && now >= *measured_at_) return {};
  TOCSIN_TRY(read, read_desk_work(store_, now - std::chrono::hours(24 * kMetricDays)));
  figures_ = triage::measure(read.work);
  measured_at_ = now;
  return {};
}

Result<void> DeskMetrics::write(MetricText& text) {
  const std::lock_guard lock(mutex_);
  TOCSIN_CHECK(refresh());
  write_family(text, "tocsin_desk_minutes", "Minutes to a step of the work, of the last seven days",
               triage::FigureUnit::kMinutes, figures_);
  write_family(text, "tocsin_desk_alerts", "Alerts that one analyst handled in a shift, of seven days",
               triage::FigureUnit::kAlerts, figures_);
  write_family(text, "tocsin_desk_share", "Shares of the last seven days, 0 to 1", triage::FigureUnit::kShare,
               figures_);
  text.family("tocsin_desk_sample", "gauge", "How many a figure of the desk is made of");
  for (const auto& figure : figures_)
    text.sample({{"figure", figure.kind->name}}, static_cast<double>(figure.spread.count));
  text.family("tocsin_desk_goal", "gauge", "Goals of the desk's figures");
  for (const auto& figure : figures_) {
    if (figure.kind->goal) text.sample({{"figure", figure.kind->name}}, *figure.kind->goal);
  }
  return {};
}

}  // namespace tocsin::api
