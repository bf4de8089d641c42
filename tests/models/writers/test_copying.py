"""A writer that copies: its probabilities, what may be copied, and that it opens as any writer."""

import pytest
import torch
from transformers import BartConfig, BartForConditionalGeneration

from acclimate.models.writers.copying import Copying, opening

PAD, BEGIN, END = 0, 1, 2
SOURCE = torch.tensor([[BEGIN, 9, 10, 11, 9, END], [BEGIN, 12, 13, END, PAD, PAD]])
WRITTEN = torch.tensor([[BEGIN, 9], [BEGIN, 20]])


def bart(kind=Copying):
    torch.manual_seed(0)
    config = BartConfig(
        vocab_size=24,
        d_model=8,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_position_embeddings=32,
        pad_token_id=PAD,
        bos_token_id=BEGIN,
        eos_token_id=END,
        decoder_start_token_id=BEGIN,
        forced_eos_token_id=None,
    )
    return kind(config).eval()


def chosen(model, logit):
    with torch.no_grad():
        model.choice.bias.fill_(logit)
    return model


@torch.inference_mode()
def told(model, source=SOURCE, written=WRITTEN):
    """Probabilities of the next token, (R, W, V)."""
    return model(input_ids=source, decoder_input_ids=written).logits.exp()


def test_all_probabilities_add_up_to_one():
    for logit in (-2.0, 0.0, 2.0):
        assert told(chosen(bart(), logit)).sum(dim=2) == pytest.approx(torch.ones(2, 2))


def test_what_it_copies_it_reads_and_no_beginning_end_or_padding():
    only_copies = told(chosen(bart(), 100.0))
    assert set(only_copies[0].sum(dim=0).nonzero()[:, 0].tolist()) == {9, 10, 11}
    assert set(only_copies[1].sum(dim=0).nonzero()[:, 0].tolist()) == {12, 13}


def test_a_choice_mixes_what_it_writes_and_what_it_copies():
    model = bart()
    writes, copies = told(chosen(model, -100.0)), told(chosen(model, 100.0))
    half = told(chosen(model, 0.0))
    assert half == pytest.approx((writes + copies) / 2, abs=1e-6)


def test_it_begins_to_point_as_the_vocabulary_does():
    model = bart()
    with torch.no_grad():
        model.follows.zero_()
    writes, copies = told(chosen(model, -100.0)), told(chosen(model, 100.0))
    ratio = writes[0, 0, 9] / writes[0, 0, 10]
    twice = 2 * float(ratio)  # token 9 stands there twice
    assert float(copies[0, 0, 9] / copies[0, 0, 10]) == pytest.approx(twice, rel=1e-4)


def test_what_follows_the_last_word_in_the_text_is_copied_sooner():
    model = chosen(bart(), 100.0)
    before = told(model)
    with torch.no_grad():
        model.follows.fill_(3.0)
    after = told(model)
    assert (after[0, 1, 10] > before[0, 1, 10]).item()  # 9 was written, and 10 stands behind it
    assert after[0, 0] == pytest.approx(before[0, 0])  # a beginning leads nowhere
    assert after[1] == pytest.approx(before[1])  # 20 is not in the text


def test_a_piece_from_inside_a_word_is_copied_behind_the_one_before_it_and_nowhere_else():
    model = chosen(bart(), 100.0)
    model.inside[10] = True
    begun, behind = told(model)[0]
    assert begun[10] == 0
    assert behind[10] > 0  # 9 was written, and 10 stands behind it
    assert begun.sum() == pytest.approx(1)
    model.inside[torch.tensor([12, 13])] = True  # all that the second text has
    assert (told(model)[1] > 0).all()  # so it must write


def test_no_token_is_copied_twice_in_a_row_that_does_not_stand_so():
    model = chosen(bart(), 100.0)
    assert told(model)[0, 1, 9] == 0  # 9 was written, and no 9 stands behind one
    twice = torch.tensor([[BEGIN, 9, 9, 10, END]])
    assert told(model, twice, WRITTEN[:1])[0, 1, 9] > 0


def test_nothing_is_copied_from_a_text_of_nothing():
    model = chosen(bart(), 100.0)
    empty = torch.tensor([[BEGIN, END]])
    found = told(model, empty, WRITTEN[:1])
    assert found.sum(dim=2) == pytest.approx(torch.ones(1, 2))
    assert (found > 0).all()


def test_step_by_step_it_has_the_probabilities_of_one_pass():
    model = chosen(bart(), 0.0)
    mask = SOURCE != PAD
    with torch.inference_mode():
        read = model.get_encoder()(SOURCE, attention_mask=mask, return_dict=True)
        tokens = model.generate(
            encoder_outputs=read,
            attention_mask=mask,
            source_ids=SOURCE,
            do_sample=False,
            min_new_tokens=4,
            max_new_tokens=4,
            output_logits=True,
            return_dict_in_generate=True,
        )
        whole = model(
            input_ids=SOURCE, attention_mask=mask, decoder_input_ids=tokens.sequences[:, :-1]
        ).logits
    steps = torch.stack(tokens.logits, dim=1)
    assert torch.allclose(steps, whole, atol=1e-4)


def test_it_must_be_told_what_there_is_to_copy():
    model = bart()
    with pytest.raises(ValueError, match="source_ids, what is read"):
        model(decoder_input_ids=WRITTEN)


def test_a_folder_is_opened_as_what_it_is(tmp_path):
    for kind in (Copying, BartForConditionalGeneration):
        bart(kind).save_pretrained(tmp_path / kind.__name__)
        assert type(opening(tmp_path / kind.__name__)) is kind
    model = chosen(bart(), 1.5)
    model.inside[7] = True
    model.half().save_pretrained(tmp_path / "half")
    again = opening(tmp_path / "half")
    assert again.dtype == torch.float32
    assert float(again.choice.bias.detach()) == 1.5
    assert again.inside.nonzero().tolist() == [[7]]
