// Package loop puts the market together (catalogue, floor plan, model, policy,
// engine) and sends simulated shoppers through it: what cmd/souk and cmd/souklab share.
//
// Read [OpenMarket] first, then [Walk] (one session), [Simulation] (many, for
// their rows) and [Proof] (many, compared).
package loop

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"souk/attention"
	"souk/attention/rank"
	"souk/attention/record"
	"souk/attention/train"
	"souk/attention/train/latent"
	"souk/input/shopper"
	"souk/world/catalog"
	"souk/world/plan"
)

// Market is what is the same for every visitor of a market. It is safe for concurrent use.
type Market struct {
	Catalog  *catalog.Catalog
	Plan     *plan.Plan
	PlanSeed uint64
	Model    *rank.Model
	// ModelName is where the model comes from: "demo", a path, "content" (none
	// was trained: content features alone), or a sentence about the training.
	ModelName string
	// Note is a sentence for the user about what could not be had; empty where all is well.
	Note string
}

// Names of the models that are no files.
const (
	ModelDemo    = "demo"
	ModelContent = "content"
)

// OpenMarket opens the catalogue (see catalog.Open), lays out the floor plan
// of the seed, and loads the model of the path. Where the path is empty it takes the
// demo's model if that belongs to the catalogue, and else goes by content
// alone and says so in Note. A model of another catalogue is an error.
func OpenMarket(spec string, planSeed uint64, modelPath string) (*Market, error) {
	c, err := catalog.Open(spec)
	if err != nil {
		return nil, err
	}
	return MarketOf(c, planSeed, modelPath)
}

// MarketOf is OpenMarket for a catalogue that is open already, as one from a server.
func MarketOf(c *catalog.Catalog, planSeed uint64, modelPath string) (*Market, error) {
	p, err := plan.New(c, planSeed)
	if err != nil {
		return nil, fmt.Errorf("lay out the market for %s: %w", c.Name, err)
	}
	m := &Market{Catalog: c, Plan: p, PlanSeed: planSeed}
	if modelPath != "" {
		if m.Model, err = train.LoadModel(modelPath); err != nil {
			return nil, err
		}
		if m.Model.Catalogue != c.Fingerprint() {
			return nil, fmt.Errorf("the model %s belongs to another catalogue (fingerprint %.12s, not %.12s of %s): train one for this catalogue with souklab train",
				modelPath, m.Model.Catalogue, c.Fingerprint(), c.Name)
		}
		m.ModelName = modelPath
		m.Model.Side = latent.Side(m.Model, c)
		return m, nil
	}
	if m.Model = demoModel(c); m.Model != nil {
		m.ModelName = ModelDemo
		m.Model.Side = latent.Side(m.Model, c)
		return m, nil
	}
	if m.Model, err = rank.ContentModel(c); err != nil {
		return nil, fmt.Errorf("make a model from content for %s: %w", c.Name, err)
	}
	m.ModelName = ModelContent
	m.Note = "No model has been trained for this catalogue: recommendations go by what items are like, and not by what other people liked. Train one with souklab simulate and souklab train."
	return m, nil
}

// Say prints the market and its Note in a line each.
func (m *Market) Say(w io.Writer) {
	fmt.Fprintf(w, "Market: %s, %d items, %d sellers, %d pedestals; model: %s\n",
		m.Catalog.Name, len(m.Catalog.Items), len(m.Catalog.Sellers), m.pedestals(), m.ModelName)
	if m.Note != "" {
		fmt.Fprintln(w, m.Note)
	}
}

func (m *Market) pedestals() int {
	n := 0
	for i := range m.Plan.Slots {
		if m.Plan.Slots[i].Kind == plan.Feature {
			n++
		}
	}
	return n
}

// Policies are the names that NewPolicy knows.
var Policies = []string{"ranker", "popularity", "random", "none"}

// PolicyOracle is the ceiling in the proof: a placement that knows the shopper's
// taste. It exists in a Walk alone.
const PolicyOracle = "oracle"

// NewPolicy makes the policy of a name for one visitor: "ranker" (learns the
// visitor's taste), "popularity" (what most people liked), "random", or "none"
// (nil: pedestals stay empty). The seed is of its exploration.
func NewPolicy(name string, m *Market, seed uint64) (rank.Policy, error) {
	switch name {
	case "ranker":
		r, err := rank.New(m.Model, m.Catalog, rank.DefaultConfig(), seed)
		if err != nil {
			return nil, fmt.Errorf("make the ranker from the model %s: %w", m.ModelName, err)
		}
		return r, nil
	case "popularity":
		return rank.NewPopularity(m.Model, seed), nil
	case "random":
		return rank.NewRandom(len(m.Catalog.Items), seed), nil
	case "none", "":
		return nil, nil
	}
	return nil, fmt.Errorf("there is no placement %q: give ranker, popularity, random or none", name)
}

// Header describes a session in this market for its recording.
func (m *Market) Header(policy string, seed uint64, cfg attention.Config, session string) record.Header {
	config, err := json.Marshal(cfg)
	if err != nil {
		config = nil // a Config is plain numbers; without it a replay takes the default
	}
	var policyConfig json.RawMessage
	if policy == "ranker" {
		policyConfig, _ = json.Marshal(rank.DefaultConfig()) // as NewPolicy has it
	}
	ids := make([]string, len(m.Catalog.Items))
	for i := range ids {
		ids[i] = m.Catalog.Items[i].ID
	}
	return record.Header{
		Session: session, Build: Build(),
		Catalogue: m.Catalog.Name, CatalogueFingerprint: m.Catalog.Fingerprint(),
		PlanSeed: m.PlanSeed, PlanFingerprint: m.Plan.Fingerprint(),
		Model: m.ModelName, ModelFingerprint: m.Model.Fingerprint,
		Policy: policy, PolicyConfig: policyConfig, PolicySeed: seed, Config: config, Seed: seed, Items: ids,
	}
}

// EngineFor is the configuration told how well the simulated eyes are tracked
// (degrees, root mean square in all), as one would after validating a real tracker: its accuracy
// for the focus, its precision for the eye movements.
func EngineFor(cfg attention.Config, noiseDeg float64) attention.Config {
	axis := noiseDeg * math.Pi / 180 / math.Sqrt2
	const least = 0.25 * math.Pi / 180 // eyes do not rest more exactly
	cfg.Focus.Simulated.S = max(least, axis)
	cfg.Focus.Simulated.Looks = 1 / (1 - shopper.PrecisionShare)
	cfg.Gaze.Simulated.Noise = max(least/3, axis*math.Sqrt(shopper.PrecisionShare))
	return cfg
}
