// A past that holds nothing, for tests to derive what they need of one.
#pragma once

#include "monitor/metrics/query_source.h"

namespace support {

// `Base`: metrics::Querier, or metrics::QuerySource, of which the rest is left to say.
template <class Base>
class Silent : public Base {
public:
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> range(std::string_view, std::int64_t, std::int64_t,
                                                                        std::int64_t) const override
    {
        return std::vector<metrics::PointSeries>();
    }
    [[nodiscard]] core::Result<std::vector<metrics::PointSeries>> instant(std::string_view, std::int64_t) const override
    {
        return std::vector<metrics::PointSeries>();
    }
};

} // namespace support
