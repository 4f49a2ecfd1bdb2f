-- What wrk sends (get, create, or patch with the number of tickets), and its result as one line.
local statuses = { "open", "in_progress", "resolved", "closed" }

function init(args)
  local kind, tickets = args[1], tonumber(args[2])
  if kind == "get" then return end
  wrk.headers["Content-Type"] = "application/json"
  if kind == "create" then
    wrk.method = "POST"
    wrk.body = '{"title":"Charged twice for one invoice","category":"billing","priority":"high",'
      .. '"description":"My card was charged twice for the same invoice on Monday. Please refund one of the two payments. Thank you."}'
  else
    math.randomseed(os.time())
    request = function()
      local path = string.format("/api/tickets/%d/", math.random(tickets))
      return wrk.format("PATCH", path, nil, string.format('{"status":"%s"}', statuses[math.random(4)]))
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %.6f %.3f %.3f %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, errors.connect + errors.read + errors.status + errors.timeout))
end
