package offpolicy

import "math"

// rewardModel predicts the reward of an action in a context as
//
//	exp(α + β·w) × effect of the action × effect of the context
//
// with w the weight π/μ of the pair, at most the cap. That covariate makes the
// regression itself doubly robust (Scharfstein, Rotnitzky, Robins 1999; Bang and Robins
// 2005): what the policy asked about prefers may be better or worse than the rest, and a model that
// draws all actions to one mean would not see it. α and β are a Poisson regression. Each effect is the ratio
// of the rewards to what the regression expects, drawn to 1 as if so many rewards more had been expected and seen.
// How many is what makes the log likeliest, rewards being Poisson and effects gamma
// distributed (empirical Bayes). Rewards below 0 get their mean for a model.
type rewardModel struct {
	contexts, actions int
	rows, sum         []float64 // by pair of context and action
	base              []float64 // by pair: exp(α + β·w)
	effect            []float64 // by action, then by context
	most              float64   // the largest reward seen: no prediction is above it
	slope             float64   // β
	strength          [2]float64
	value             []float64 // by context: what the policy asked about would earn
}

func (m *rewardModel) reset(contexts, actions int) {
	if m.rows == nil {
		m.contexts, m.actions = contexts, actions
		m.rows, m.sum, m.base = make([]float64, actions*contexts), make([]float64, actions*contexts), make([]float64, actions*contexts)
		m.effect = make([]float64, actions+contexts)
		m.value = make([]float64, contexts)
	}
	clear(m.rows)
	clear(m.sum)
	m.most = 0
}

func (m *rewardModel) add(context, action int32, reward float64) {
	at := int(context)*m.actions + int(action)
	m.rows[at]++
	m.sum[at] += reward
	m.most = math.Max(m.most, reward)
	if reward < 0 {
		m.most = math.Inf(1) // no counts: the mean is the model
	}
}

// fit learns from what was added; weight is w of each pair.
func (m *rewardModel) fit(p *Policy, weight []float64) {
	m.regress(weight)
	m.strength = [2]float64{m.effects(true), m.effects(false)}
	for c := range m.contexts {
		m.value[c] = 0
		for a, x := range p.Probability[c*m.actions:][:m.actions] {
			if x > 0 {
				m.value[c] += x * m.predict(c, a)
			}
		}
	}
}

func (m *rewardModel) predict(context, action int) float64 {
	return math.Min(m.most, m.base[context*m.actions+action]*m.effect[action]*m.effect[m.actions+context])
}

// regress fits α and β by Newton's method; the weights are standardised, and a
// penalty of one on β keeps a log without a reward or of one weight from running away.
func (m *rewardModel) regress(weight []float64) {
	var rows, sum, mean, square float64
	for k, n := range m.rows {
		rows += n
		sum += m.sum[k]
		mean += n * weight[k]
		square += n * weight[k] * weight[k]
	}
	rows = math.Max(1, rows)
	mean /= rows
	scale := math.Sqrt(math.Max(0, square/rows-mean*mean))
	m.slope = 0
	if !(sum > 0) || math.IsInf(m.most, 1) || !(scale > 0) {
		for k := range m.base {
			m.base[k] = sum / rows
		}
		return
	}
	alpha, beta := math.Log(sum/rows), 0.0
	for range 50 {
		var g0, g1, h00, h01, h11 float64
		for k, n := range m.rows {
			if n == 0 {
				continue
			}
			z := (weight[k] - mean) / scale
			e := n * math.Exp(alpha+beta*z)
			g0 += m.sum[k] - e
			g1 += (m.sum[k] - e) * z
			h00 += e
			h01 += e * z
			h11 += e * z * z
		}
		g1 -= beta
		h11++
		det := h00*h11 - h01*h01
		if !(det > 0) {
			break
		}
		a, b := (g0*h11-g1*h01)/det, (g1*h00-g0*h01)/det
		shorten := math.Min(1, 1/(math.Abs(a)+math.Abs(b)+1e-300)) // steps of at most one
		alpha, beta = alpha+shorten*a, beta+shorten*b
		if math.Abs(a)+math.Abs(b) < 1e-10 {
			break
		}
	}
	m.slope = beta / scale
	for k := range m.base {
		m.base[k] = math.Exp(math.Min(50, alpha+beta*(weight[k]-mean)/scale))
	}
}

// none is the strength that stands for no effect at all.
const none = 1e4

// effects fills in the effects of actions or of contexts and returns the
// strength of their prior, in rewards.
func (m *rewardModel) effects(ofActions bool) float64 {
	n, from := m.contexts, m.actions
	if ofActions {
		n, from = m.actions, 0
	}
	sum, expected := make([]float64, n), make([]float64, n)
	for c := range m.contexts {
		for a := range m.actions {
			k, to := c*m.actions+a, c
			if ofActions {
				to = a
			}
			sum[to] += m.sum[k]
			expected[to] += m.rows[k] * m.base[k]
		}
	}
	strength := float64(none)
	if !math.IsInf(m.most, 1) {
		strength = likeliest(sum, expected)
	}
	for i := range n {
		m.effect[from+i] = 1
		if strength < none {
			m.effect[from+i] = (sum[i] + strength) / (expected[i] + strength)
		}
	}
	return strength
}

// likeliest is the shape of the gamma distribution of effects that makes the
// sums likeliest.
func likeliest(sum, expected []float64) float64 {
	best, strength := math.Inf(-1), float64(none)
	for exponent := -4; exponent <= 16; exponent++ {
		k := math.Pow(10, float64(exponent)/4) // 0.1 to 10,000
		own, _ := math.Lgamma(k)
		l := 0.0
		for i, s := range sum {
			if expected[i] > 0 {
				x, _ := math.Lgamma(s + k)
				l += x - own + k*math.Log(k) - (s+k)*math.Log(k+expected[i])
			}
		}
		if l > best {
			best, strength = l, k
		}
	}
	return strength
}
