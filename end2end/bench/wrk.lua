-- Asks for the paths of FENGTU_BENCH_PATHS in turn, and ends with one line of JSON.
local paths = {}

function init()
  for path in os.getenv("FENGTU_BENCH_PATHS"):gmatch("[^\n]+") do
    paths[#paths + 1] = wrk.format("GET", path)
  end
end

local at = 0
function request()
  at = at % #paths + 1
  return paths[at]
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format('{"requests":%d,"duration_us":%d,"errors":%d,"p50_us":%d,"p95_us":%d}\n',
    summary.requests, summary.duration, failed.connect + failed.read + failed.write + failed.status + failed.timeout,
    latency:percentile(50), latency:percentile(95)))
end
