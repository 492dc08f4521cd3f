#include "api/dto/analysis_dto.h"

namespace tocsin::api {
namespace {

void write_agent(JsonWriter& json, const triage::AgentAnalysis& agent) {
  json.object([&] {
    json.member("agent_name", agent.agent_name);
    json.member("analysis", agent.analysis);
    json.member("confidence", agent.confidence);
    json.member("leaning", agent.leaning);
    json.member("key_findings", [&] {
      json.array([&] {
        for (const auto& finding : agent.key_findings) json.value(finding.text);
      });
    });
    json.member("evidence", [&] {
      json.array([&] {
        for (const auto& finding : agent.key_findings) json.value(finding.evidence);
      });
    });
    json.member("recommendations", agent.recommendations);
    json.member("processing_time_ms", agent.processing_time_ms);
    json.member("data_sources_consulted", agent.data_sources_consulted);
  });
}

void write_indicator(JsonWriter& json, const triage::Indicator& indicator) {
  json.object([&] {
    json.member("indicator", indicator.indicator);
    json.member("weight", indicator.weight);
    json.member("description", indicator.description);
    json.member("source", indicator.source);
  });
}

}  // namespace

void write_analyses(JsonWriter& json, const triage::Analyses& analyses) {
  json.object([&] {
    for (const auto* agent :
         {&analyses.historical, &analyses.config, &analyses.devops, &analyses.context, &analyses.priority}) {
      json.member(agent->agent_name, [&] { write_agent(json, *agent); });
    }
  });
}

void write_false_positive_score(JsonWriter& json, const triage::FalsePositiveScore& score) {
  json.object([&] {
    json.member("score", score.score);
    json.member("confidence", score.confidence);
    json.member("indicators", [&] {
      json.array([&] {
        for (const auto& indicator : score.indicators) write_indicator(json, indicator);
      });
    });
    json.member("historical_fp_rate", score.historical_fp_rate);
    json.member("similar_resolved_as_fp", score.similar_resolved_as_fp);
    json.member("similar_resolved_as_real", score.similar_resolved_as_real);
    json.member("recommendation", score.recommendation);
    json.member("explanation", score.explanation);
  });
}

}  // namespace tocsin::api
